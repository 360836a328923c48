package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.perpetua.accounts.domain.admin.Totp;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making, promoting and resetting administrators over HTTP: no one can do it alone. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class AdminsTakeTwoIT {
    private static final String MAKING = "/v1/admin/admins";

    @Inject TestClock clock;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Test
    void shouldMakeAnAdministratorWhenAnotherOneApproves() {
        // Given
        TestAdmin second = TestAdmin.second();
        TestAdmin root = TestAdmin.root();
        String approval = root.asksFor(MAKING, TestAdmin.wanted("mia", "SUPER_ADMIN"));
        root.request()
                .body(TestAdmin.wanted("mia", "SUPER_ADMIN"))
                .post(MAKING)
                .then()
                .statusCode(200)
                .body("id", equalTo(approval))
                .body("state", equalTo("OPEN"))
                .body("subject", equalTo("admin:mia"))
                .body("content.role", equalTo("SUPER_ADMIN"));
        root.request()
                .body(TestAdmin.wanted("mia", "ADMIN"))
                .post(MAKING)
                .then()
                .statusCode(409)
                .body("code", equalTo("REFERENCE_REUSED"));

        // When
        refuses(root.approves(approval), 403, "OWN_REQUEST");
        refuses(root.approvesAsOperator(approval, TestAdmin.SECRET), 409, "OPERATOR_NOT_NEEDED");
        refuses(root.approvesAsOperator(approval, "guessed"), 403, "OPERATOR_SECRET_WRONG");
        refuses(part(root, approval), 409, "NOBODY_ENROLS");
        root.request().get(MAKING).then().body("items.username", not(hasItem("mia")));
        second.approves(approval)
                .then()
                .statusCode(200)
                .body("state", equalTo("EXECUTED"))
                .body("decidedBy", equalTo(second.id()))
                .body("byOperator", equalTo(false))
                .body("outcome.enrolmentParts", equalTo("2"));
        second.approves(approval).then().statusCode(200);

        // Then
        TestAdmin stranger = TestAdmin.make("stranger", "RISK_MANAGER");
        refuses(part(stranger, approval), 403, "NOT_ONE_OF_THE_TWO");
        String first = root.partOf(approval);
        refusesToEnrol("mia", first);
        refusesToEnrol("mia", first + first);
        String theirs = second.partOf(approval);
        String anew = root.partOf(approval);
        refusesToEnrol("mia", first + theirs);
        refusesToEnrol("mia", theirs);
        TestAdmin mia = TestAdmin.enrol("mia", theirs + anew);
        mia.request().get("/v1/admin/me").then().body("role", equalTo("SUPER_ADMIN"));
        refuses(part(root, approval), 409, "NOBODY_ENROLS");
        refuses(
                root.request()
                        .body(
                                Map.of(
                                        "username",
                                        "mia",
                                        "role",
                                        "ADMIN",
                                        "reason",
                                        "r",
                                        "reference",
                                        "mia-2"))
                        .post(MAKING),
                409,
                "USERNAME_TAKEN");
        root.request()
                .queryParam("subject", "admin:" + mia.id())
                .get("/v1/admin/audit")
                .then()
                .body("items.action", hasItem("ADMIN_MADE"))
                .body("items.after", hasItem(containsString(partTaken(approval, 1))))
                .body("items.after", hasItem(containsString(partTaken(approval, 2))))
                .body("items[-1].actorId", equalTo(second.id()))
                .body("items[-1].after", containsString("\"username\":\"mia\""));
        root.request()
                .queryParam("subject", "approval:" + approval)
                .get("/v1/admin/audit")
                .then()
                .body("items.action", contains("APPROVAL_GRANTED", "APPROVAL_REQUESTED"));
        root.request().post(MAKING + "/" + mia.id() + "/disable").then().statusCode(200);
    }

    @Test
    void shouldPromoteOnlyWhenAnotherOneApproves() {
        TestAdmin second = TestAdmin.second();
        TestAdmin ned = TestAdmin.make("ned", "ADMIN");
        TestAdmin root = TestAdmin.root();
        String path = MAKING + "/" + ned.id();
        for (String role : List.of("RISK_MANAGER", "SUPER_ADMIN")) {
            refuses(
                    root.request().body(Map.of("role", role)).put(path + "/role"),
                    409,
                    "PROMOTION_TAKES_TWO");
        }
        refuses(
                root.request()
                        .body(Map.of("role", "ADMIN", "reason", "r", "reference", "ned-0"))
                        .post(path + "/promotion"),
                409,
                "NO_PROMOTION");
        refuses(
                second.request()
                        .body(Map.of("role", "SUPER_ADMIN", "reason", "r", "reference", "ned-1"))
                        .post(path + "/promotion"),
                403,
                "PERMISSION_MISSING");

        String approval =
                root.asksFor(
                        path + "/promotion",
                        Map.of("role", "RISK_MANAGER", "reason", "r", "reference", "ned-2"));
        second.approves(approval).then().statusCode(200).body("state", equalTo("EXECUTED"));

        refuses(ned.request().get("/v1/admin/me"), 401, "TOKEN_INVALID");
        root.request()
                .get(MAKING)
                .then()
                .body("items.find { it.username == 'ned' }.role", equalTo("RISK_MANAGER"));
        refuses(part(root, approval), 409, "NOBODY_ENROLS");
    }

    @Test
    void shouldLetNobodyDecideOnTheirOwnCase() {
        TestAdmin olga = TestAdmin.make("olga", "RISK_MANAGER");
        TestAdmin root = TestAdmin.root();
        String approval =
                root.asksFor(
                        MAKING + "/" + olga.id() + "/reset",
                        Map.of("reason", "Lost the phone", "reference", "olga-reset"));

        refuses(olga.approves(approval), 403, "OWN_CASE");
        olga.request().get("/v1/admin/me").then().statusCode(200);
        TestAdmin.second().approves(approval).then().statusCode(200);

        refuses(olga.request().get("/v1/admin/me"), 401, "TOKEN_INVALID");
        TestAdmin again =
                TestAdmin.enrol(
                        "olga", root.partOf(approval) + TestAdmin.second().partOf(approval));
        again.request().get("/v1/admin/me").then().body("role", equalTo("RISK_MANAGER"));
    }

    @Test
    void shouldMakeOneAdministratorWhenManyApproveAtOnce() throws Exception {
        TestAdmin second = TestAdmin.second();
        TestAdmin third = TestAdmin.make("third-pair", "RISK_MANAGER");
        TestAdmin root = TestAdmin.root();
        List<String> approvals = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            approvals.add(
                    root.asksFor(
                            MAKING,
                            Map.of(
                                    "username", "only-one",
                                    "role", "ADMIN",
                                    "reason", "r",
                                    "reference", "only-one-" + i)));
        }
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(6)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (String approval : approvals) {
                for (TestAdmin by : List.of(second, third)) {
                    answers.add(pool.submit(() -> by.approves(approval).statusCode()));
                }
            }
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
        }

        assertThat(statuses).containsOnly(200, 409);
        assertThat(statuses).containsOnlyOnce(200);
        List<String> states =
                approvals.stream()
                        .map(
                                id ->
                                        root.request()
                                                .get("/v1/admin/approvals/" + id)
                                                .<String>path("state"))
                        .toList();
        assertThat(states).containsOnlyOnce("EXECUTED").contains("OPEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into admin_user (username, role, state, created_at)"
                        + " values ('evil', 'SUPER_ADMIN', 'ENROLLING', now())",
                "insert into admin_user (username, role, state, created_at, role_approval_id,"
                        + " enrolment_approval_id) select 'evil', 'SUPER_ADMIN', 'ENROLLING',"
                        + " now(), approval_id, approval_id from approval"
                        + " where subject = 'admin:victim'",
                "update admin_user set role = 'SUPER_ADMIN' where username = 'victim'",
                "update admin_user set role = 'SUPER_ADMIN', role_approval_id = (select"
                        + " approval_id from approval where subject = 'admin:second-pair')"
                        + " where username = 'victim'",
                "update admin_user set state = 'ENROLLING', password_hash = null,"
                        + " sealed_totp = null, enrolment_hash = sha256('x'), enrolment_parts = 1"
                        + " where username = 'victim'",
                "update admin_user set username = 'else' where username = 'victim'",
                "update admin_user set decider_hash = sha256('x') where username = 'unenrolled'",
                "update admin_user set enrolment_parts = 1, enrolment_hash = sha256('x')"
                        + " where username = 'unenrolled'",
                "update approval set state = 'EXECUTED', decided_by = current_admin_id(),"
                        + " by_operator = true, decided_at = now(), outcome = '{}',"
                        + " finished_at = now() where subject = 'admin:waiting'",
                "update approval set state = 'EXECUTED', decided_by = current_admin_id(),"
                        + " decided_at = now(), outcome = '{}', finished_at = now()"
                        + " where subject = 'admin:waiting'",
            })
    void shouldLetNoAdministratorDoItAloneInSql(String attack) throws SQLException {
        TestAdmin.second();
        TestAdmin root = TestAdmin.root();
        if (!names(root).contains("victim")) {
            TestAdmin.make("victim", "ADMIN");
            String approval = root.asksFor(MAKING, TestAdmin.wanted("unenrolled", "ADMIN"));
            TestAdmin.second().approves(approval).then().statusCode(200);
            root.asksFor(MAKING, TestAdmin.wanted("waiting", "SUPER_ADMIN"));
        }

        assertThatThrownBy(() -> changed(root, attack))
                .isInstanceOf(SQLException.class)
                .hasMessageNotContaining("syntax error");
        assertThat(names(root)).doesNotContain("evil", "else", "waiting");
    }

    @Test
    void shouldLetNobodyAskForTheirOwnReset() throws SQLException {
        TestAdmin sue = TestAdmin.make("sue", "SUPER_ADMIN");
        Map<String, String> wish = Map.of("reason", "Lost the phone", "reference", "sue-reset");

        Response asked = sue.request().body(wish).post(MAKING + "/" + sue.id() + "/reset");
        refuses(asked, 409, "OWN_CASE");
        assertThat(asked.<String>path("detail")).contains("another administrator has to");
        String stored =
                stored(
                        sue,
                        "insert into approval (kind, subject, content, reason, reference, state,"
                                + " requested_by, requested_at, expires_at) values"
                                + " ('ADMIN_RESET', 'admin:%1$s', '{\"adminId\":\"%1$s\"}', 'r',"
                                + " 'sue-stored', 'OPEN', %1$s, now(), now() + interval '1 minute')"
                                + " returning approval_id");
        refuses(TestAdmin.second().approves(stored), 403, "OWN_CASE");

        sue.request().get("/v1/admin/me").then().statusCode(200);
        TestAdmin.second().request().post("/v1/admin/approvals/" + stored + "/reject");
        disable(sue);
    }

    @Test
    void shouldMakeNoPartGoodAgainThatIsTooOld() {
        // Given
        TestAdmin asking = TestAdmin.make("ester", "SUPER_ADMIN");
        TestAdmin approving = TestAdmin.make("emil", "RISK_MANAGER");
        String approval = asking.asksFor(MAKING, TestAdmin.wanted("late", "ADMIN"));
        approving.approves(approval).then().statusCode(200);
        String old = asking.partOf(approval);

        // When
        clock.advance(Duration.ofDays(1));
        asking = signedInNow(asking);
        approving = signedInNow(approving);
        Response taken = part(approving, approval);
        String theirs = taken.path("enrolmentPart");

        // Then
        assertThat(taken.header("Cache-Control")).contains("no-store");
        refusesToEnrol("late", old + theirs);
        String anew = asking.partOf(approval);
        refusesToEnrol("late", old + theirs);
        Response begun = beginsToEnrol("late", anew + theirs);
        begun.then().statusCode(200);
        assertThat(begun.header("Cache-Control")).contains("no-store");
        clock.reset();
        disable(asking);
    }

    @Test
    void shouldLowerNobodyWhoRoseMeanwhile() {
        TestAdmin root = TestAdmin.root();
        TestAdmin rob = TestAdmin.make("rob", "ADMIN");
        String path = MAKING + "/" + rob.id();
        List<String> approvals = new ArrayList<>();
        for (String role : List.of("SUPER_ADMIN", "RISK_MANAGER")) {
            approvals.add(
                    root.asksFor(
                            path + "/promotion",
                            Map.of("role", role, "reason", "r", "reference", "rob-" + role)));
        }
        TestAdmin.second().approves(approvals.getFirst()).then().statusCode(200);

        refuses(TestAdmin.second().approves(approvals.getLast()), 409, "NO_PROMOTION");

        root.request()
                .get(MAKING)
                .then()
                .body("items.find { it.username == 'rob' }.role", equalTo("SUPER_ADMIN"));
        disable(rob);
    }

    @Test
    void shouldChangeNobodyWhenWhoAskedMayNotAnyMoreOrTimeIsUp() {
        TestAdmin root = TestAdmin.root();
        TestAdmin second = TestAdmin.make("timely", "RISK_MANAGER");
        TestAdmin demoted = TestAdmin.make("demoted", "SUPER_ADMIN");
        TestAdmin disabled = TestAdmin.make("disabled", "SUPER_ADMIN");
        String ofDemoted = demoted.asksFor(MAKING, TestAdmin.wanted("unmade-1", "SUPER_ADMIN"));
        String ofDisabled = disabled.asksFor(MAKING, TestAdmin.wanted("unmade-2", "SUPER_ADMIN"));
        String late = root.asksFor(MAKING, TestAdmin.wanted("unmade-3", "SUPER_ADMIN"));
        root.request()
                .body(Map.of("role", "RISK_MANAGER"))
                .put(MAKING + "/" + demoted.id() + "/role")
                .then()
                .statusCode(200);
        disable(disabled);

        refuses(second.approves(ofDemoted), 409, "REQUESTER_NOT_ENTITLED");
        refuses(second.approves(ofDisabled), 409, "APPROVAL_DECIDED");
        clock.advance(Duration.ofSeconds(301));
        refuses(second.approves(late), 409, "APPROVAL_EXPIRED");

        clock.reset();
        assertThat(names(root)).doesNotContain("unmade-1", "unmade-2", "unmade-3");
    }

    @Test
    void shouldBoundGuessesOfTheOperatorsSecret() {
        // Given
        TestAdmin olaf = TestAdmin.make("olaf", "SUPER_ADMIN");
        String approval = olaf.asksFor(MAKING, TestAdmin.wanted("guessed", "SUPER_ADMIN"));
        clock.advance(Duration.ofMinutes(1));

        // When
        for (int i = 0; i < 3; i++) {
            refuses(olaf.approvesAsOperator(approval, "guess"), 403, "OPERATOR_SECRET_WRONG");
        }
        olaf = signedInNow(olaf);
        for (int i = 0; i < 2; i++) {
            refuses(olaf.approvesAsOperator(approval, "guess"), 403, "OPERATOR_SECRET_WRONG");
        }

        // Then
        Response blocked = olaf.approvesAsOperator(approval, TestAdmin.SECRET);
        refuses(blocked, 429, "ATTEMPTS_EXHAUSTED");
        assertThat(Integer.parseInt(blocked.header("Retry-After"))).isBetween(2, 10);
        clock.advance(Duration.ofSeconds(10));
        refuses(olaf.approvesAsOperator(approval, TestAdmin.SECRET), 409, "OPERATOR_NOT_NEEDED");
        for (int i = 0; i < 5; i++) {
            refuses(olaf.approvesAsOperator(approval, "guess"), 403, "OPERATOR_SECRET_WRONG");
        }
        refuses(olaf.approvesAsOperator(approval, "guess"), 429, "ATTEMPTS_EXHAUSTED");
        clock.reset();
        disable(olaf);
    }

    @Test
    void shouldLetTheOperatorApprovePromotionAndResetWhereNobodyElseCould() throws SQLException {
        TestAdmin root = TestAdmin.root();
        TestAdmin opal = TestAdmin.make("opal", "ADMIN");
        String path = MAKING + "/" + opal.id();
        String others = "state = 'ACTIVE' and role <> 'ADMIN' and username <> 'root'";
        List<String> restored =
                owner(
                        "select format('update admin_user set role = %L where admin_id = %s', role,"
                                + " admin_id) from admin_user where "
                                + others);
        owner("update admin_user set role = 'ADMIN' where " + others + " returning admin_id");
        try {
            String promotion =
                    root.asksFor(
                            path + "/promotion",
                            Map.of("role", "RISK_MANAGER", "reason", "r", "reference", "opal-1"));
            root.approvesAsOperator(promotion, TestAdmin.SECRET)
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("EXECUTED"))
                    .body("byOperator", equalTo(true));
            String reset =
                    root.asksFor(path + "/reset", Map.of("reason", "r", "reference", "opal-2"));
            root.approvesAsOperator(reset, TestAdmin.SECRET)
                    .then()
                    .statusCode(200)
                    .body("outcome.enrolmentParts", equalTo("1"));
            refuses(opal.request().get("/v1/admin/me"), 401, "TOKEN_INVALID");
            TestAdmin again = TestAdmin.enrol("opal", root.partOf(reset));
            again.request().get("/v1/admin/me").then().body("role", equalTo("RISK_MANAGER"));
        } finally {
            for (String one : restored) {
                owner(one + " returning admin_id");
            }
        }
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    private static void disable(TestAdmin admin) {
        TestAdmin.root()
                .request()
                .post(MAKING + "/" + admin.id() + "/disable")
                .then()
                .statusCode(200);
    }

    /** By a code of the service's time. */
    private TestAdmin signedInNow(TestAdmin admin) {
        Instant now = clock.instant();
        long step = Totp.step(now);
        String token =
                TestAdmin.signIn(
                                admin.username(),
                                TestAdmin.PASSWORD,
                                admin.totp().code(step),
                                TestAdmin.address())
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("accessToken");
        return new TestAdmin(admin.id(), admin.username(), admin.totp(), token, step, now);
    }

    /** What the owner of the tables gets to see, or writes and sees then. */
    private List<String> owner(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_owner", password);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> seen = new ArrayList<>();
            while (rows.next()) {
                seen.add(rows.getString(1));
            }
            return seen;
        }
    }

    /** Stored by the administrators' own role, as an earlier version might have. */
    private String stored(TestAdmin admin, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_admin", password);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "select set_config('perpetua.admin_id', '" + admin.id() + "', false)");
            try (ResultSet row = statement.executeQuery(sql.formatted(admin.id()))) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static List<String> names(TestAdmin root) {
        return root.request().get(MAKING).path("items.username");
    }

    /** What the administrator's own role and name let happen; fails where it changes nothing. */
    private void changed(TestAdmin admin, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_admin", password);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "select set_config('perpetua.admin_id', '" + admin.id() + "', false)");
            connection.setAutoCommit(false);
            if (statement.executeUpdate(sql) == 0) {
                throw new SQLException("nothing is to be seen of it");
            }
            connection.rollback();
        }
    }

    private static String partTaken(String approval, int part) {
        return "\"approval\":" + approval + ",\"enrolmentPartTaken\":" + part;
    }

    private static Response part(TestAdmin admin, String approval) {
        return admin.request().post("/v1/admin/approvals/" + approval + "/enrolment-part");
    }

    private static void refusesToEnrol(String username, String token) {
        refuses(beginsToEnrol(username, token), 401, "SIGN_IN_REFUSED");
    }

    private static Response beginsToEnrol(String username, String token) {
        return TestAdmin.from(TestAdmin.address())
                .body(Map.of("username", username, "token", token, "password", TestAdmin.PASSWORD))
                .post("/v1/admin/enrolments");
    }

    private static void refuses(Response answer, int status, String code) {
        answer.then().statusCode(status).body("code", equalTo(code));
    }
}
