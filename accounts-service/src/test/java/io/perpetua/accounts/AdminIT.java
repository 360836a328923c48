package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.perpetua.accounts.api.AdminLedgerResource;
import io.perpetua.accounts.api.AdminResource;
import io.perpetua.accounts.api.AdminSystemEventResource;
import io.perpetua.accounts.api.AdminUserResource;
import io.perpetua.accounts.api.ApprovalResource;
import io.perpetua.accounts.api.AuditResource;
import io.perpetua.accounts.api.RequiresPermission;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.Totp;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Administrators over HTTP: who gets in, what they may do, and what is recorded of it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class AdminIT {
    private static final AtomicInteger NAMES = new AtomicInteger();

    @Inject TestClock clock;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    /** An endpoint for administrators. */
    record Endpoint(String verb, String path, RequiresPermission permission) {
        int status(RequestSpecification as) {
            String filled = path.replaceAll("\\{[^}]*}", "1");
            RequestSpecification request = as.contentType(ContentType.JSON);
            return (verb.equals("GET") ? request : request.body("{}"))
                    .request(verb, filled)
                    .statusCode();
        }

        @Override
        public String toString() {
            return verb + " " + path;
        }
    }

    static List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Class<?> resource :
                List.of(
                        AdminResource.class,
                        AuditResource.class,
                        AdminUserResource.class,
                        AdminLedgerResource.class,
                        AdminSystemEventResource.class,
                        ApprovalResource.class)) {
            for (Method method : resource.getMethods()) {
                for (Annotation annotation : method.getAnnotations()) {
                    HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                    if (verb != null) {
                        Path path = method.getAnnotation(Path.class);
                        endpoints.add(
                                new Endpoint(
                                        verb.value(),
                                        resource.getAnnotation(Path.class).value()
                                                + (path == null ? "" : path.value()),
                                        method.getAnnotation(RequiresPermission.class)));
                    }
                }
            }
        }
        return endpoints;
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void shouldRefuseWhenNoAdministratorWithThePermissionAsks(Endpoint endpoint) {
        assertThat(endpoint.permission()).as("every endpoint names a permission").isNotNull();
        String user = TestWallet.generate().signIn().token();

        assertThat(endpoint.status(given())).isEqualTo(401);
        assertThat(endpoint.status(given().auth().oauth2(user))).isEqualTo(401);
        assertThat(endpoint.status(given().auth().oauth2("x.y.z"))).isEqualTo(401);
        for (AdminRole role : AdminRole.values()) {
            if (!role.may(endpoint.permission().value())) {
                assertThat(endpoint.status(given().auth().oauth2(tokenOf(role)))).isEqualTo(403);
            }
        }
    }

    @Test
    void shouldDescribeEveryEndpointForAdministrators() {
        String description = given().get("/q/openapi").asString();
        List<String> described =
                description
                        .lines()
                        .filter(line -> line.startsWith("  /v1/admin"))
                        .map(line -> line.strip().replace(":", ""))
                        .filter(path -> !path.contains("sign-in") && !path.contains("enrolments"))
                        .filter(path -> !path.contains("oidc"))
                        .toList();

        assertThat(endpoints().stream().map(Endpoint::path).distinct())
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void shouldRefuseAnAdministratorsTokenWhereAUserIsAsked() {
        TestAdmin root = TestAdmin.root();

        root.request()
                .get("/v1/users/me")
                .then()
                .statusCode(401)
                .body("code", equalTo("TOKEN_INVALID"));
    }

    @Test
    void shouldEnrolTheFirstAdministratorOnce() {
        TestAdmin root = TestAdmin.root();

        root.request()
                .get("/v1/admin/me")
                .then()
                .statusCode(200)
                .body("username", equalTo("root"))
                .body("role", equalTo("SUPER_ADMIN"))
                .body("permissions", hasItem("MANAGE_ADMINS"))
                .body("state", equalTo("ACTIVE"));
        for (String name : List.of("root", "second")) {
            TestAdmin.from(TestAdmin.address())
                    .body(
                            Map.of(
                                    "username",
                                    name,
                                    "token",
                                    "a-bootstrap-secret-of-the-tests",
                                    "password",
                                    TestAdmin.PASSWORD))
                    .post("/v1/admin/enrolments")
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("SIGN_IN_REFUSED"));
        }
    }

    @Test
    void shouldRefuseAlikeWhenNameOrPasswordOrCodeIsWrong() {
        TestAdmin ann = TestAdmin.make("ann", "ADMIN");
        long step = Totp.step(Instant.now());
        String fresh = ann.totp().code(step + 1);
        String used = ann.totp().code(step);
        String address = TestAdmin.address();

        String unknown = TestAdmin.signIn("nobody", TestAdmin.PASSWORD, fresh, address).asString();
        String other = TestAdmin.signIn("ann", "another password", fresh, address).asString();
        String stale = TestAdmin.signIn("ann", TestAdmin.PASSWORD, used, address).asString();

        assertThat(unknown).contains("SIGN_IN_REFUSED").isEqualTo(other).isEqualTo(stale);
    }

    @Test
    void shouldStopListeningWhenTooManyAttemptsFail() {
        TestAdmin bob = TestAdmin.make("bob", "ADMIN");
        for (int i = 0; i < 5; i++) {
            TestAdmin.signIn("bob", "another password", "000000", TestAdmin.address())
                    .then()
                    .statusCode(401);
        }

        TestAdmin.signIn("bob", TestAdmin.PASSWORD, "000000", TestAdmin.address())
                .then()
                .statusCode(429)
                .header("Retry-After", not(equalTo(null)))
                .body("code", equalTo("ATTEMPTS_EXHAUSTED"));
        bob.request().get("/v1/admin/me").then().statusCode(200);

        String address = TestAdmin.address();
        for (int i = 0; i < 5; i++) {
            TestAdmin.signIn("nobody" + i, "another password", "000000", address)
                    .then()
                    .statusCode(401);
        }
        TestAdmin.signIn("nobody9", "another password", "000000", address).then().statusCode(429);
    }

    @Test
    void shouldLetNobodyKeepAnAdministratorOutFromWhereTheySignedInBefore() {
        // Given
        TestAdmin pat = TestAdmin.make("pat", "ADMIN");
        String home = TestAdmin.address();
        clock.advance(Duration.ofMinutes(1));
        signIn(pat, home).then().statusCode(200);
        clock.advance(Duration.ofMinutes(1));
        for (int attempts = 0; attempts < 10; attempts++) {
            TestAdmin.signIn("pat", "another password", "000000", TestAdmin.address())
                    .then()
                    .statusCode(401);
            if (attempts >= 4) {
                clock.advance(Duration.ofSeconds(10L << (attempts - 4)));
            }
        }
        TestAdmin.signIn("pat", "another password", "000000", TestAdmin.address());

        // When
        String elsewhere = TestAdmin.address();
        for (int i = 0; i < 6; i++) {
            signIn(pat, elsewhere).then().statusCode(429);
        }

        // Then
        TestAdmin.signIn("nobody", "another password", "000000", elsewhere).then().statusCode(401);
        signIn(pat, home).then().statusCode(200);
        for (int i = 0; i < 5; i++) {
            TestAdmin.signIn("pat", "another password", "000000", home).then().statusCode(401);
        }
        TestAdmin.signIn("pat", "another password", "000000", home).then().statusCode(429);
    }

    @Test
    void shouldBoundGuessesOfAnotherOnesCodeBetweenTheOwnSignIns() {
        // Given
        TestAdmin ada = TestAdmin.make("ada", "ADMIN");
        TestAdmin ben = TestAdmin.make("ben", "ADMIN");
        String office = TestAdmin.address();
        clock.advance(Duration.ofMinutes(1));
        signIn(ada, office).then().statusCode(200);
        signIn(ben, office).then().statusCode(200);

        // When
        List<Integer> guesses = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            clock.advance(Duration.ofMinutes(1));
            for (int i = 0; i < 4; i++) {
                guesses.add(guess("ben", office).statusCode());
            }
            signIn(ada, office).then().statusCode(200);
        }

        // Then
        assertThat(guesses.subList(0, 5)).containsOnly(401);
        assertThat(guesses.stream().filter(status -> status == 401)).hasSize(7);
        assertThat(guesses.getLast()).isEqualTo(429);
        Response waiting = guess("ben", office);
        waiting.then().statusCode(429);
        assertThat(Integer.parseInt(waiting.header("Retry-After"))).isBetween(1, 40);
        clock.advance(Duration.ofMinutes(1));
        signIn(ben, office).then().statusCode(200);
    }

    @Test
    void shouldForgiveNobodysGuessesWhenAnEnrolmentBeginsAtTheSameAddress() {
        // Given
        TestAdmin second = TestAdmin.second();
        TestAdmin root = TestAdmin.root();
        String approval = root.asksFor("/v1/admin/admins", TestAdmin.wanted("newcomer", "ADMIN"));
        second.approves(approval).then().statusCode(200);
        String token = root.partOf(approval) + second.partOf(approval);
        String office = TestAdmin.address();

        // When
        List<Integer> guesses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            guesses.add(guessAnybodys(office).statusCode());
            TestAdmin.from(office)
                    .body(
                            Map.of(
                                    "username",
                                    "newcomer",
                                    "token",
                                    token,
                                    "password",
                                    TestAdmin.PASSWORD))
                    .post("/v1/admin/enrolments")
                    .then()
                    .statusCode(i < 4 ? 200 : 429);
        }

        // Then
        assertThat(guesses).containsExactly(401, 401, 401, 401, 401, 429);
        clock.advance(Duration.ofMinutes(75));
        assertThat(guessAnybodys(office).statusCode()).isEqualTo(401);
        assertThat(guessAnybodys(office).statusCode()).isEqualTo(401);
    }

    @Test
    void shouldSayHowLongToWaitWhenAttemptsAreExhausted() {
        // Given
        String address = TestAdmin.address();
        for (int wait = 0; wait <= 900; wait = wait == 0 ? 10 : wait * 2) {
            clock.advance(Duration.ofSeconds(wait));
            for (int i = 0; i < (wait == 0 ? 5 : 1); i++) {
                guessAnybodys(address).then().statusCode(401);
            }
        }

        // When
        Response answer = guessAnybodys(address);

        // Then
        answer.then().statusCode(429).body("detail", containsString("seconds"));
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(880, 900);
        clock.advance(Duration.ofSeconds(Long.parseLong(answer.header("Retry-After"))));
        guessAnybodys(address).then().statusCode(401);
        answer = guessAnybodys(address);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(880, 900);
    }

    /** Of a name that nobody else has tried. */
    private static Response guessAnybodys(String address) {
        return guess("anybody-" + NAMES.incrementAndGet(), address);
    }

    private static Response guess(String username, String address) {
        return TestAdmin.signIn(username, TestAdmin.PASSWORD, "000000", address);
    }

    private Response signIn(TestAdmin admin, String address) {
        return TestAdmin.signIn(
                admin.username(),
                TestAdmin.PASSWORD,
                admin.totp().code(Totp.step(clock.instant())),
                address);
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void shouldVoidTokensWhenRoleOrStateChanges() {
        TestAdmin root = TestAdmin.root();
        TestAdmin eve = TestAdmin.make("eve", "ADMIN");

        String promotion =
                root.asksFor(
                        "/v1/admin/admins/" + eve.id() + "/promotion",
                        Map.of("role", "SUPER_ADMIN", "reason", "r", "reference", "eve-up"));
        eve.request().get("/v1/admin/me").then().statusCode(200);
        TestAdmin.second().approves(promotion).then().statusCode(200);
        eve.request().get("/v1/admin/me").then().statusCode(401);
        root.request()
                .body(Map.of("role", "ADMIN"))
                .put("/v1/admin/admins/" + eve.id() + "/role")
                .then()
                .statusCode(200)
                .body("role", equalTo("ADMIN"));

        String reset =
                root.asksFor(
                        "/v1/admin/admins/" + eve.id() + "/reset",
                        Map.of("reason", "r", "reference", "eve-reset"));
        TestAdmin.second().approves(reset).then().statusCode(200);
        TestAdmin again =
                TestAdmin.enrol("eve", TestAdmin.second().partOf(reset) + root.partOf(reset));
        again.request().get("/v1/admin/me").then().statusCode(200);
        root.request().post("/v1/admin/admins/" + eve.id() + "/disable").then().statusCode(200);
        again.request().get("/v1/admin/me").then().statusCode(401);
    }

    @Test
    void shouldChangeTheOwnPasswordByTheOldOneAndACode() {
        TestAdmin kim = TestAdmin.make("kim", "ADMIN");
        String wrong = kim.totp().code(Totp.step(Instant.now()) - 5);

        kim.request()
                .header("X-Forwarded-For", TestAdmin.address())
                .body(
                        Map.of(
                                "password",
                                TestAdmin.PASSWORD,
                                "newPassword",
                                "staple battery horse",
                                "code",
                                wrong))
                .post("/v1/admin/me/password")
                .then()
                .statusCode(401)
                .body("code", equalTo("SIGN_IN_REFUSED"));
        kim.request().get("/v1/admin/me").then().statusCode(200);
    }

    @Test
    void shouldKeepTheLastSuperAdministrator() {
        TestAdmin root = TestAdmin.root();
        String path = "/v1/admin/admins/" + root.id();

        root.request()
                .post(path + "/disable")
                .then()
                .statusCode(409)
                .body("code", equalTo("LAST_SUPER_ADMIN"));
        root.request()
                .body(Map.of("reason", "r", "reference", "last"))
                .post(path + "/reset")
                .then()
                .statusCode(409)
                .body("code", equalTo("OWN_CASE"));
        root.request().body(Map.of("role", "ADMIN")).put(path + "/role").then().statusCode(409);
        root.request().post("/v1/admin/admins/999/disable").then().statusCode(404);
        root.request()
                .body(TestAdmin.wanted("root", "ADMIN"))
                .post("/v1/admin/admins")
                .then()
                .statusCode(409)
                .body("code", equalTo("USERNAME_TAKEN"));
        root.request()
                .get("/v1/admin/admins")
                .then()
                .statusCode(200)
                .body("items.username", hasItem("root"));
    }

    @Test
    void shouldDecideAboutUsersAndRecordIt() {
        TestAdmin root = TestAdmin.root();
        TestUser user = TestWallet.generate().signIn();
        user.faucet(user.subaccount(), "25", "r").then().statusCode(201);
        String path = "/v1/admin/users/" + user.id();

        root.request()
                .get(path)
                .then()
                .statusCode(200)
                .body("user.kycStatus", equalTo("PENDING"))
                .body("wallets", hasSize(1))
                .body("balances[0].balance", equalTo("25"));
        root.request()
                .body(Map.of("status", "SUSPENDED"))
                .put(path + "/kyc")
                .then()
                .statusCode(409)
                .body("code", equalTo("KYC_TRANSITION_REFUSED"))
                .body("allowed", contains("VERIFIED", "REJECTED"));
        root.request()
                .header("User-Agent", "an admin's browser")
                .body(Map.of("status", "VERIFIED"))
                .put(path + "/kyc")
                .then()
                .statusCode(200)
                .body("kycStatus", equalTo("VERIFIED"));
        root.request()
                .body(Map.of("riskLevel", "HIGH", "tradingTier", 3))
                .put(path + "/risk")
                .then()
                .statusCode(200)
                .body("riskLevel", equalTo("HIGH"))
                .body("tradingTier", equalTo(3));
        user.request()
                .get("/v1/users/me")
                .then()
                .statusCode(200)
                .body("kycStatus", equalTo("VERIFIED"))
                .body("riskLevel", equalTo("HIGH"))
                .body("tradingTier", equalTo(3));
        root.request()
                .body(Map.of("tradingTier", 10))
                .put(path + "/risk")
                .then()
                .statusCode(400)
                .body("field", equalTo("tradingTier"));

        root.request()
                .queryParam("subject", "user:" + user.id())
                .get("/v1/admin/audit")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[1].action", equalTo("USER_CHANGED"))
                .body("items[1].actorId", equalTo(root.id()))
                .body("items[1].before", containsString("\"kycStatus\":\"PENDING\""))
                .body("items[1].after", containsString("\"kycStatus\":\"VERIFIED\""))
                .body("items[1].userAgent", equalTo("an admin's browser"));
        root.request()
                .queryParam("kycStatus", "VERIFIED")
                .queryParam("riskLevel", "HIGH")
                .get("/v1/admin/users")
                .then()
                .statusCode(200)
                .body("items.id", hasItem(Long.toString(user.id())));
        root.request().get("/v1/admin/users/999999").then().statusCode(404);
    }

    @Test
    void shouldVerifyAndExportTheAuditLog() {
        TestAdmin root = TestAdmin.root();

        String head =
                root.request()
                        .body(Map.of())
                        .post("/v1/admin/audit/verify")
                        .then()
                        .statusCode(200)
                        .body("whole", equalTo(true))
                        .body("firstBreak", equalTo(null))
                        .extract()
                        .path("hash");
        String export = root.request().get("/v1/admin/audit/export").asString();
        long lines = export.lines().count();

        assertThat(export).contains(head, "ADMIN_SIGNED_IN", "AUDIT_EXPORTED");
        assertThat(export).doesNotContain("argon2id", TestAdmin.PASSWORD);
        assertThat(
                        root.request()
                                .get("/v1/admin/audit/export?after=" + (lines - 1))
                                .asString()
                                .lines())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"username\":\"Root\",\"password\":\"correct horse battery\",\"code\":\"123456\"}",
                "{\"username\":\"root\",\"password\":\"short\",\"code\":\"123456\"}",
                "{\"username\":\"root\",\"password\":\"correct horse \\u0000\",\"code\":\"123456\"}",
                "{\"username\":\"root\",\"password\":\"correct horse \\ud800\",\"code\":\"123456\"}",
                "{\"username\":\"root\",\"password\":\"correct horse\",\"code\":\"12345x\"}",
            })
    void shouldRefuseASignInWhenItIsMalformed(String body) {
        TestAdmin.from(TestAdmin.address())
                .body(body)
                .post("/v1/admin/sign-in")
                .then()
                .statusCode(400);
    }

    @Test
    void shouldShowNothingInSqlWhenNoAdministratorIsNamed() throws SQLException {
        TestAdmin.root();
        for (String table :
                List.of("admin_user", "app_user", "wallet", "subaccount", "customer_account")) {
            assertThat(count("accounts_admin", "", "select 1 from " + table)).isZero();
            assertThat(count("accounts_admin", "1", "select 1 from " + table))
                    .as(table)
                    .isPositive();
        }
        for (String role : List.of("accounts_api", "accounts_shard")) {
            for (String attack :
                    List.of(
                            "select 1 from admin_user",
                            "update admin_user set role = 'SUPER_ADMIN'",
                            "select 1 from admin_attempt",
                            "select 1 from admin_named('root')",
                            "select make_first_admin('evil', null, now())")) {
                assertThatThrownBy(() -> count(role, "1", attack))
                        .as(role)
                        .hasMessageContaining("permission denied");
            }
        }
        assertThatThrownBy(
                        () ->
                                count(
                                        "accounts_api",
                                        "1",
                                        "update app_user set kyc_status = 'VERIFIED'"))
                .hasMessageContaining("permission denied");
    }

    private int count(String role, String admin, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", role, password);
                Statement statement = connection.createStatement()) {
            statement.execute("select set_config('perpetua.admin_id', '" + admin + "', false)");
            int rows = 0;
            if (statement.execute(sql)) {
                try (ResultSet found = statement.getResultSet()) {
                    while (found.next()) {
                        rows++;
                    }
                }
            }
            return rows;
        }
    }

    private static final Map<AdminRole, TestAdmin> OF_ROLES = new HashMap<>();

    private static String tokenOf(AdminRole role) {
        if (role == AdminRole.SUPER_ADMIN) {
            return TestAdmin.root().token();
        }
        String name = "a-" + role.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return OF_ROLES.compute(
                        role,
                        (same, known) ->
                                known == null
                                        ? TestAdmin.make(name, role.name())
                                        : known.stillSignedIn())
                .token();
    }
}
