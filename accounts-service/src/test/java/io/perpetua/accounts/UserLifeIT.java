package io.perpetua.accounts;

import static io.perpetua.accounts.RiskSide.await;
import static io.perpetua.accounts.RiskSide.numbered;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.perpetua.accounts.app.SimulatedCustodian;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.accounts.UserDeleted;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.accounts.UserReactivated;
import io.perpetua.contracts.accounts.UserReinstated;
import io.perpetua.contracts.accounts.UserSuspended;
import io.perpetua.contracts.risk.ClosingObstacle;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestAgent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users from their profile to their end; the test acts as risk. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class UserLifeIT {
    private static final String ME = "/v1/users/me";

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private static Response change(TestUser user, Map<String, String> wish) {
        return user.request().body(wish).patch(ME);
    }

    private static String codeOf(TestUser user) {
        return user.request().get(ME).then().statusCode(200).extract().path("referralCode");
    }

    @Test
    void shouldKeepAProfileAndShowItToAdministrators() {
        TestUser user = TestWallet.generate().signIn();
        TestUser other = TestWallet.generate().signIn();
        String name = "Sat" + user.id();
        String email = name + "@example.org";

        user.request()
                .get(ME)
                .then()
                .statusCode(200)
                .body("username", nullValue())
                .body("state", equalTo("ACTIVE"))
                .body("suspended", equalTo(false))
                .body("referralCode", matchesPattern("[0-9A-Z]{10}"));
        change(user, Map.of("username", name, "email", email))
                .then()
                .statusCode(200)
                .body("username", equalTo(name))
                .body("email", equalTo(email));
        change(other, Map.of("username", name.toUpperCase(java.util.Locale.ROOT)))
                .then()
                .statusCode(409)
                .body("code", equalTo("USERNAME_TAKEN"));
        change(other, Map.of("email", email)).then().statusCode(200);
        change(other, Map.of("email", email)).then().statusCode(200);
        TestAdmin.root()
                .request()
                .queryParam("subject", "user:" + other.id())
                .queryParam("action", "USER_EMAIL_CHANGED")
                .get("/v1/admin/audit")
                .then()
                .statusCode(200)
                .body("items.actorId", contains(Long.toString(other.id())))
                .body("items[0].before", equalTo("{\"hasEmail\":false}"))
                .body("items[0].after", equalTo("{\"hasEmail\":true}"))
                .body("items[0].clientAddress", notNullValue());

        TestAdmin root = TestAdmin.root();
        root.request()
                .queryParam("username", name.toLowerCase(java.util.Locale.ROOT))
                .get("/v1/admin/users")
                .then()
                .statusCode(200)
                .body("items.id", contains(Long.toString(user.id())))
                .body("items[0].email", equalTo(email));
        root.request()
                .body(Map.of("email", email.toUpperCase(java.util.Locale.ROOT)))
                .post("/v1/admin/users/search")
                .then()
                .statusCode(200)
                .body("items.id", contains(Long.toString(other.id()), Long.toString(user.id())));
        change(user, Map.of("email", ""))
                .then()
                .statusCode(200)
                .body("username", equalTo(name))
                .body("email", nullValue());
        assertThat(eventTextOf(user)).doesNotContain(name);
    }

    private String eventTextOf(TestUser user) {
        StringBuilder text = new StringBuilder();
        for (UserEvent event : new RiskSide(bootstrapServers).userEvents(user, 1)) {
            text.append(
                    new String(EventCodec.encode(UserEvent.class, event), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "username | ab                    | 400",
                "username | 1abc                  | 400",
                "username | a b c                 | 400",
                "username | abcdefghijklmnopqrstuvwxyzabcdefg | 400",
                "email    | nobody                | 400",
                "email    | a@b                   | 400",
                "email    | a..b@example.org      | 400",
                "email    | a@-example.org        | 400",
                "email    | a b@example.org       | 400",
                "email    | a.b+c@mail.example.org | 200",
                "referrerCode | short             | 400",
                "referrerCode | AAAAAAAAAA        | 422",
            })
    void shouldNameTheFieldOfAProfileThatIsWrong(String field, String value, int status) {
        TestUser user = TestWallet.generate().signIn();

        change(user, Map.of(field, value))
                .then()
                .statusCode(status)
                .body("field", equalTo(status == 200 ? null : field));
    }

    @Test
    void shouldSetAReferrerOnceAndNeverInACircle() throws SQLException {
        TestUser first = TestWallet.generate().signIn();
        TestUser second = TestWallet.generate().signIn();
        TestUser late = TestWallet.generate().signIn();
        String code = codeOf(first);

        refused(change(second, Map.of("referrerCode", codeOf(second))), "REFERRER_NOT_EARLIER");
        change(second, Map.of("referrerCode", code))
                .then()
                .statusCode(200)
                .body("referrerCode", equalTo(code));
        change(second, Map.of("referrerCode", code)).then().statusCode(200);
        refused(change(first, Map.of("referrerCode", codeOf(second))), "REFERRER_NOT_EARLIER");
        TestUser another = TestWallet.generate().signIn();
        refused(change(second, Map.of("referrerCode", codeOf(another))), "REFERRER_SET");
        asOwner(
                "update app_user set created_at = now() - interval '31 days' where user_id = "
                        + late.id());
        refused(change(late, Map.of("referrerCode", code)), "REFERRER_TOO_LATE");
        TestAdmin.root()
                .request()
                .get("/v1/admin/users/" + second.id())
                .then()
                .statusCode(200)
                .body("user.referrerId", equalTo(Long.toString(first.id())));
    }

    private static void refused(Response answer, String code) {
        assertThat(answer.<String>path("code")).isEqualTo(code);
        assertThat(answer.statusCode()).isIn(401, 409, 422);
    }

    @Test
    void shouldSuspendAndReinstateAndTellRiskOnce() {
        TestAdmin root = TestAdmin.root();
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        String path = "/v1/admin/users/" + user.id() + "/suspension";
        Map<String, Object> suspend = Map.of("suspended", true, "reason", "order of court");

        root.request().body(Map.of("suspended", true)).put(path).then().statusCode(400);
        root.request()
                .body(Map.of("suspended", true, "reason", ""))
                .put(path)
                .then()
                .statusCode(400);
        for (int i = 0; i < 2; i++) {
            root.request()
                    .body(suspend)
                    .put(path)
                    .then()
                    .statusCode(200)
                    .body("suspensionReason", equalTo("order of court"));
        }

        user.request().get(ME).then().body("suspended", equalTo(true));
        assertThat(wallet.signIn().id()).isEqualTo(user.id());
        refused(withdraw(user), "USER_SUSPENDED");
        refused(user.request().post(ME + "/deactivation"), "USER_SUSPENDED");
        refused(delete(user, wallet), "USER_SUSPENDED");
        user.faucet(user.subaccount(), "1", "r").then().statusCode(201);
        root.request()
                .queryParam("suspended", true)
                .get("/v1/admin/users")
                .then()
                .body("items.id", hasItem(Long.toString(user.id())));

        root.request()
                .body(Map.of("suspended", false, "reason", "appeal won"))
                .put(path)
                .then()
                .statusCode(200)
                .body("suspendedAt", nullValue());
        assertThat(userEvents(user, 4))
                .filteredOn(
                        event -> event instanceof UserSuspended || event instanceof UserReinstated)
                .hasExactlyElementsOfTypes(UserSuspended.class, UserReinstated.class);
        root.request()
                .queryParam("subject", "user:" + user.id())
                .get("/v1/admin/audit")
                .then()
                .body("items", hasSize(2))
                .body("items[1].action", equalTo("USER_SUSPENSION_CHANGED"))
                .body("items[1].after", containsString("order of court"));
    }

    private List<UserEvent> userEvents(TestUser user, int count) {
        return new RiskSide(bootstrapServers).userEvents(user, count);
    }

    private static Response withdraw(TestUser user) {
        return user.request()
                .body(
                        Map.of(
                                "subaccountId", user.subaccount(),
                                "asset", "USDC",
                                "amount", "1",
                                "address", TestWallet.generate().address(),
                                "clientWithdrawalId", "w"))
                .post("/v1/withdrawals");
    }

    private static String deletionChallenge(TestUser user, SigningWallet wallet) {
        return user.request()
                .body(Map.of("address", wallet.address()))
                .post(ME + "/deletion-challenge")
                .then()
                .statusCode(200)
                .extract()
                .path("message");
    }

    private static Response delete(TestUser user, String text, String signature) {
        return user.request().body(Map.of("message", text, "signature", signature)).delete(ME);
    }

    private static Response delete(TestUser user, SigningWallet wallet) {
        String text = deletionChallenge(user, wallet);
        return delete(user, text, wallet.sign(text));
    }

    private UserClosing question(TestUser user, int earlier) {
        List<UserClosing> questions = new ArrayList<>();
        await(
                () -> {
                    questions.clear();
                    userEvents(user, 1)
                            .forEach(
                                    event -> {
                                        if (event instanceof UserClosing closing) {
                                            questions.add(closing);
                                        }
                                    });
                    return questions.size() > earlier;
                },
                "a question to risk");
        return questions.getLast();
    }

    private void freeze(UserClosing question) throws Exception {
        new RiskSide(bootstrapServers)
                .send(
                        numbered(
                                new UserFrozen(
                                        question.user(),
                                        question.subaccount(),
                                        0,
                                        question.closing(),
                                        2_000)));
    }

    private void refuse(UserClosing question, ClosingObstacle... obstacles) throws Exception {
        new RiskSide(bootstrapServers)
                .send(
                        numbered(
                                new UserClosingRefused(
                                        question.user(),
                                        question.subaccount(),
                                        0,
                                        question.closing(),
                                        List.of(obstacles),
                                        2_000)));
    }

    @Test
    void shouldDeactivateAndComeBack() throws Exception {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        TestUser elsewhere = wallet.signIn();

        Future<Response> refusal = threads.submit(() -> user.request().post(ME + "/deactivation"));
        UserClosing asked = question(user, 0);
        assertThat(asked.kind()).isEqualTo(ClosingKind.DEACTIVATION);
        user.faucet(user.subaccount(), "5", "during").then().statusCode(201);
        refuse(asked, new ClosingObstacle(ClosingObstacle.Kind.OPEN_ORDERS, 3));
        refusal.get()
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", equalTo("USER_NOT_FLAT"))
                .body("obstacles[0].kind", equalTo("OPEN_ORDERS"))
                .body("obstacles[0].count", equalTo(3));
        elsewhere.request().get(ME).then().statusCode(200).body("state", equalTo("ACTIVE"));

        Future<Response> consent = threads.submit(() -> user.request().post(ME + "/deactivation"));
        freeze(question(user, 1));
        consent.get().then().statusCode(200).body("state", equalTo("DONE"));
        user.request().get(ME).then().statusCode(200).body("state", equalTo("DEACTIVATED"));
        refused(elsewhere.request().get(ME), "TOKEN_REVOKED");
        refused(withdraw(user), "USER_DEACTIVATED");
        refused(user.request().post(ME + "/deactivation"), "USER_STATE_REFUSED");
        user.faucet(user.subaccount(), "5", "later").then().statusCode(201);

        TestUser back = wallet.signIn();
        assertThat(back.id()).isEqualTo(user.id());
        back.request()
                .post(ME + "/reactivation")
                .then()
                .statusCode(200)
                .body("state", equalTo("ACTIVE"));
        back.request().post(ME + "/reactivation").then().statusCode(200);
        assertThat(userEvents(user, 6)).filteredOn(UserReactivated.class::isInstance).hasSize(1);
    }

    @Test
    void shouldRefuseADeletionThatNoWalletOfTheUserConfirms() {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        TestWallet stranger = TestWallet.generate();
        TestUser other = stranger.signIn();
        String text = deletionChallenge(user, wallet);

        refused(delete(user, text, stranger.sign(text)), "SIGNATURE_MISMATCH");
        refused(delete(user, stranger), "WALLET_UNKNOWN");
        refused(delete(other, text, wallet.sign(text)), "NONCE_UNKNOWN");
        String signIn = wallet.challenge();
        refused(delete(user, signIn, wallet.sign(signIn)), "NONCE_UNKNOWN");
        refused(TestWallet.exchange(text, wallet.sign(text)), "NONCE_UNKNOWN");
        String hidden = text.replaceAll("Delete Perpetua user[^\n]*", "Sign in to win a prize.");
        refused(delete(user, hidden, wallet.sign(hidden)), "STATEMENT_MISMATCH");
        user.request().get(ME).then().body("state", equalTo("ACTIVE"));
        user.request().get(ME + "/closing").then().statusCode(404);
    }

    @Test
    void shouldNameWhatIsInTheWayOfADeletionAndGoOn() throws Exception {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        asOwner(
                ("insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                                + " amount_micros, address, client_withdrawal_id, state,"
                                + " requested_at) values (%1$d, %1$d, %2$s, 'USDC', 1,"
                                + " '0x1111111111111111111111111111111111111111', 'x',"
                                + " 'REQUESTED', now())")
                        .formatted(user.id(), user.subaccount()));

        Future<Response> answer = threads.submit(() -> delete(user, wallet));
        UserClosing asked = question(user, 0);
        assertThat(asked.kind()).isEqualTo(ClosingKind.DELETION);
        assertThat(asked.pendingWithdrawals()).isEqualTo(1);
        refused(user.faucet(user.subaccount(), "1", "during"), "USER_CLOSING");
        refused(withdraw(user), "USER_CLOSING");
        refused(user.request().post(ME + "/deactivation"), "USER_STATE_REFUSED");
        refused(user.request().post(ME + "/reactivation"), "USER_STATE_REFUSED");
        refuse(
                asked,
                new ClosingObstacle(ClosingObstacle.Kind.OPEN_POSITIONS, 1),
                new ClosingObstacle(ClosingObstacle.Kind.BALANCES, 2));

        answer.get()
                .then()
                .statusCode(409)
                .body("code", equalTo("USER_NOT_FLAT"))
                .body("obstacles.kind", contains("OPEN_POSITIONS", "BALANCES"))
                .body("obstacles.count", contains(1, 2))
                .body("obstacles.asset", contains(null, "USDC"));
        user.request().get(ME).then().statusCode(200).body("state", equalTo("ACTIVE"));
        user.request().get(ME + "/closing").then().body("state", equalTo("REFUSED"));
        user.faucet(user.subaccount(), "1", "during").then().statusCode(201);
    }

    @Test
    void shouldNameAllThatIsKnownHereWhenAnAssetIsInTheWayOfADeletionWithoutAskingRisk()
            throws Exception {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        asOwner(
                ("insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                                + " amount_micros, address, client_withdrawal_id, state,"
                                + " requested_at) values (%1$d, %1$d, %2$s, 'USDC', 1,"
                                + " '0x1111111111111111111111111111111111111111', 'x',"
                                + " 'REQUESTED', now())")
                        .formatted(user.id(), user.subaccount()));
        user.faucet(user.subaccount(), "5", "dollars").then().statusCode(201);
        user.request()
                .body(
                        Map.of(
                                "subaccountId", user.subaccount(),
                                "asset", "USDT",
                                "amount", "0.000001"))
                .post("/v1/faucet")
                .then()
                .statusCode(201);

        delete(user, wallet)
                .then()
                .statusCode(409)
                .body("code", equalTo("USER_NOT_FLAT"))
                .body("obstacles.kind", contains("PENDING_WITHDRAWALS", "BALANCES", "BALANCES"))
                .body("obstacles.count", contains(1, 1, 1))
                .body("obstacles.asset", contains(null, "USDC", "USDT"));

        user.request().get(ME).then().statusCode(200).body("state", equalTo("ACTIVE"));
        user.request().get(ME + "/closing").then().statusCode(404);
    }

    @Test
    void shouldDeleteWhoseDustTwoAdministratorsHaveTaken() throws Exception {
        // Given
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        user.request()
                .body(
                        Map.of(
                                "subaccountId", user.subaccount(),
                                "asset", "USDT",
                                "amount", "0.5"))
                .post("/v1/faucet")
                .then()
                .statusCode(201);
        refused(delete(user, wallet), "USER_NOT_FLAT");
        String approval =
                TestAdmin.root()
                        .request()
                        .body(
                                Map.of(
                                        "subaccountId", user.subaccount(),
                                        "asset", "USDT",
                                        "direction", "DEBIT",
                                        "amount", "0.5",
                                        "reason", "Too little to be withdrawn",
                                        "reference", "dust-" + user.id()))
                        .post("/v1/admin/adjustments")
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("id");
        TestAdmin.make("dust-taker", "RISK_MANAGER")
                .request()
                .post("/v1/admin/approvals/" + approval + "/approve")
                .then()
                .statusCode(200)
                .body("state", equalTo("EXECUTED"));

        // When
        Future<Response> answer = threads.submit(() -> delete(user, wallet));
        freeze(question(user, 0));

        // Then
        answer.get().then().statusCode(200).body("state", equalTo("DONE"));
    }

    @Test
    void shouldDeleteEverythingThatTellsWhoTheUserWas() throws Exception {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        TestSolanaWallet second = TestSolanaWallet.generate();
        second.link(user).then().statusCode(201);
        TestUser elsewhere = second.signIn();
        String name = "Gone" + user.id();
        change(user, Map.of("username", name, "email", name + "@example.org"))
                .then()
                .statusCode(200);
        user.request()
                .body(Map.of("name", "of Satoshi"))
                .post("/v1/subaccounts")
                .then()
                .statusCode(201);
        user.request()
                .body(Map.of("label", "Mine", "address", wallet.address()))
                .post("/v1/withdrawal-addresses")
                .then()
                .statusCode(201);
        user.keepSecrets();
        asOwner(
                "insert into fund (user_id, exchange_key_id, exchange, currency, free, locked,"
                        + " as_of) select user_id, exchange_key_id, exchange, 'BTC', 1, 0, now()"
                        + " from exchange_key where user_id = "
                        + user.id());
        String subaccount = user.subaccount();
        String address = user.request().get("/v1/subaccounts").path("items[0].address");
        TestAgent removed = new TestAgent();
        TestAgent agent = new TestAgent();
        register(user, removed).then().statusCode(201);
        user.request().delete("/v1/agents/" + removed.address()).then().statusCode(204);
        register(user, agent).then().statusCode(201);
        assertThat(personalRows(user)).isGreaterThanOrEqualTo(12);

        Future<Response> answer = threads.submit(() -> delete(user, wallet));
        freeze(question(user, 0));

        answer.get().then().statusCode(200).body("state", equalTo("DONE"));
        assertThat(personalRows(user)).isZero();
        assertThat(
                        number(
                                "select count(*) from subaccount where user_id = "
                                        + user.id()
                                        + " and name like '%Satoshi%'"))
                .isZero();
        refused(user.request().get(ME), "TOKEN_REVOKED");
        refused(elsewhere.request().get(ME), "TOKEN_REVOKED");
        refused(TestWallet.refresh(user.refreshToken()), "SIGN_IN_ENDED");
        assertThat(userEvents(user, 4)).last().isInstanceOf(UserDeleted.class);
        assertThat(eventTextOf(user)).doesNotContain(name).doesNotContain(wallet.address());
        Map<String, Agent> told = new HashMap<>();
        new RiskSide(bootstrapServers).agents(user, 5).forEach(one -> told.put(one.address(), one));
        assertThat(told).containsOnlyKeys(removed.address(), agent.address());
        assertThat(told.values())
                .allMatch(Agent::removed)
                .allMatch(one -> one.networks().isEmpty() && one.filter() == null);
        TestAdmin.root()
                .request()
                .get("/v1/admin/users/" + user.id())
                .then()
                .statusCode(200)
                .body("user.state", equalTo("DELETED"))
                .body("user.username", nullValue())
                .body("wallets", hasSize(0));
        TestAdmin.root()
                .request()
                .body(Map.of("suspended", true, "reason", "late"))
                .put("/v1/admin/users/" + user.id() + "/suspension")
                .then()
                .statusCode(409)
                .body("code", equalTo("USER_DELETED"));
        refused(notice(address), "USER_DELETED");
        TestUser anew = wallet.signIn();
        assertThat(anew.id()).isNotEqualTo(user.id());
        assertThat(anew.subaccount()).isNotEqualTo(subaccount);
        change(anew, Map.of("username", name)).then().statusCode(200);
        refused(register(anew, removed), "AGENT_ADDRESS_USED");
        refused(register(anew, agent), "AGENT_ADDRESS_USED");
    }

    private static Response register(TestUser user, TestAgent agent) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return user.request()
                .body(
                        Map.of(
                                "address", agent.address(),
                                "label", "Of Satoshi",
                                "scopes", List.of("READ"),
                                "filter", Map.of("subaccounts", List.of(user.subaccount())),
                                "networks", List.of("192.0.2.0/24"),
                                "expiresAt",
                                        now.plus(Duration.ofDays(30))
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString(),
                                "proof", agent.proof(Long.toString(user.id()), now)))
                .post("/v1/agents");
    }

    private static Response notice(String address) {
        String body =
                "{\"reference\":\"%s\",\"address\":\"%s\",\"asset\":\"USDC\",\"amount\":\"5\"}"
                        .formatted("late:" + address, address);
        return given().contentType(ContentType.JSON)
                .header(
                        "Custodian-Signature",
                        SimulatedCustodian.sign(
                                "a secret of the tests", System.currentTimeMillis(), body))
                .body(body)
                .post("/v1/deposits");
    }

    private long personalRows(TestUser user) {
        long rows = 0;
        for (String table :
                List.of(
                        "user_profile",
                        "wallet",
                        "sign_in",
                        "withdrawal_address",
                        "exchange_key",
                        "fund",
                        "hypercore_subaccount",
                        "vault_secret")) {
            rows += number("select count(*) from " + table + " where user_id = " + user.id());
        }
        rows +=
                number(
                        "select count(*) from agent where user_id = "
                                + user.id()
                                + " and (label <> 'Agent' or filter is not null"
                                + " or networks <> '{}')");
        return rows;
    }

    @Test
    void shouldAnswerLaterWhenRiskIsSilentAndDeleteOnceTheFaultIsMended() throws Exception {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        String text = deletionChallenge(user, wallet);
        String signature = wallet.sign(text);

        delete(user, text, signature)
                .then()
                .statusCode(202)
                .header("Location", equalTo(ME + "/closing"))
                .body("state", equalTo("ASKED"));
        user.request()
                .get(ME + "/closing")
                .then()
                .statusCode(200)
                .body("kind", equalTo("DELETION"))
                .body("state", equalTo("ASKED"));
        balance(user, 1);
        UserClosing asked = question(user, 0);
        freeze(asked);
        await(
                () ->
                        number(
                                        "select count(*) from user_closing where state = 'FROZEN'"
                                                + " and next_attempt_at > now() and user_id = "
                                                + user.id())
                                == 1,
                "an attempt that fails");
        user.request().get(ME).then().statusCode(200).body("state", equalTo("CLOSING"));

        balance(user, 0);
        delete(user, text, signature).then().statusCode(200).body("state", equalTo("DONE"));
        assertThat(number("select count(*) from user_closing where user_id = " + user.id()))
                .isOne();
        refused(user.request().get(ME), "TOKEN_REVOKED");
    }

    private void balance(TestUser user, int micros) throws SQLException {
        asOwner(
                "update customer_account set balance_micros = "
                        + micros
                        + " where user_id = "
                        + user.id());
    }

    private void asOwner(String sql) throws SQLException {
        try (Connection owner = owner();
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection owner() throws SQLException {
        return DriverManager.getConnection(
                url + "?currentSchema=accounts", "accounts_owner", password);
    }

    private long number(String sql) {
        try (Connection owner = owner();
                Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
