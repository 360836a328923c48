package io.perpetua.accounts;

import static io.perpetua.accounts.RiskSide.await;
import static io.perpetua.accounts.RiskSide.awaitBalancedBooks;
import static io.perpetua.accounts.RiskSide.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.DebitRequested;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Four eyes, by adjustments of balances; the test acts as risk. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ApprovalIT {
    private static final Map<String, TestAdmin> ADMINS = new HashMap<>();
    private static final AtomicInteger REFERENCES = new AtomicInteger();

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject TestClock clock;

    private TestUser user;
    private String subaccount;

    @BeforeEach
    void makeUser() {
        user = TestWallet.generate().signIn();
        subaccount = user.subaccount();
        user.faucet(subaccount, "100", "start").then().statusCode(201);
    }

    @AfterEach
    void reset() {
        clock.reset();
    }

    private static TestAdmin admin(String name, String role) {
        return ADMINS.compute(
                name,
                (same, known) ->
                        known == null ? TestAdmin.make(name, role) : known.stillSignedIn());
    }

    private static TestAdmin maker() {
        return admin("maker", "ADMIN");
    }

    private static TestAdmin checker() {
        return admin("checker", "RISK_MANAGER");
    }

    private static String reference() {
        return "ticket-" + REFERENCES.incrementAndGet();
    }

    private Response ask(TestAdmin by, String direction, String amount, String reference) {
        return by.request()
                .header("X-Forwarded-For", "203.0.113.7")
                .header("User-Agent", "an admin's browser")
                .body(
                        Map.of(
                                "subaccountId", subaccount,
                                "direction", direction,
                                "amount", amount,
                                "reason", "A deposit to a retired address",
                                "reference", reference))
                .post("/v1/admin/adjustments");
    }

    private Response askOf(String asset, String direction, String amount, String reference) {
        return maker().request()
                .body(
                        Map.of(
                                "subaccountId", subaccount,
                                "asset", asset,
                                "direction", direction,
                                "amount", amount,
                                "reason", "Credited to another subaccount",
                                "reference", reference))
                .post("/v1/admin/adjustments");
    }

    private String askedOf(String asset, String direction, String amount) {
        return askOf(asset, direction, amount, reference())
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private String balanceOf(String asset) {
        return user.request()
                .get("/v1/balances")
                .path("items.find { it.asset == '" + asset + "' }?.balance");
    }

    private String asked(String direction, String amount) {
        return ask(maker(), direction, amount, reference())
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static Response decide(TestAdmin by, String id, String how) {
        return by.request().post("/v1/admin/approvals/" + id + "/" + how);
    }

    private static String stateOf(String id) {
        return maker().request().get("/v1/admin/approvals/" + id).path("state");
    }

    private String balance() {
        return user.request().get("/v1/balances").path("items[0].balance");
    }

    private List<List<String>> statement() {
        var lines =
                user.request()
                        .queryParam("subaccountId", subaccount)
                        .get("/v1/ledger/statement")
                        .then()
                        .statusCode(200)
                        .extract();
        return List.of(
                lines.path("items.kind"), lines.path("items.amount"), lines.path("items.balance"));
    }

    @Test
    void shouldCreditOnceWhenASecondAdministratorApproves() {
        String reference = reference();
        Response first = ask(maker(), "CREDIT", "25.5", reference);
        String id =
                first.then().statusCode(201).body("state", equalTo("OPEN")).extract().path("id");
        ask(maker(), "CREDIT", "25.50", reference).then().statusCode(200).body("id", equalTo(id));
        ask(maker(), "DEBIT", "25.5", reference)
                .then()
                .statusCode(409)
                .body("code", equalTo("REFERENCE_REUSED"));
        assertThat(balance()).isEqualTo("100");

        decide(checker(), id, "approve")
                .then()
                .statusCode(200)
                .body("state", equalTo("EXECUTED"))
                .body("requestedBy", equalTo(maker().id()))
                .body("decidedBy", equalTo(checker().id()))
                .body("outcome.transactionId", equalTo(subaccount + "-USDC-2"));
        decide(checker(), id, "approve").then().statusCode(200).body("state", equalTo("EXECUTED"));
        decide(checker(), id, "reject")
                .then()
                .statusCode(409)
                .body("code", equalTo("APPROVAL_DECIDED"));

        assertThat(balance()).isEqualTo("125.5");
        assertThat(statement())
                .containsExactly(
                        List.of("ADJUSTMENT_CREDIT", "DEPOSIT"),
                        List.of("25.5", "100"),
                        List.of("125.5", "100"));
        List<UserEvent> events = new RiskSide(bootstrapServers).userEvents(user, 3);
        assertThat(events).hasSize(3);
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        CollateralCredited.class,
                        credited -> {
                            assertThat(credited.amount()).isEqualTo(Usd.parse("25.5"));
                            assertThat(credited.sequence()).isEqualTo(2);
                        });
        TestAdmin.root()
                .request()
                .queryParam("subject", "approval:" + id)
                .get("/v1/admin/audit")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[1].action", equalTo("APPROVAL_REQUESTED"))
                .body("items[1].actorId", equalTo(maker().id()))
                .body("items[1].before", equalTo(null))
                .body("items[1].after", containsString("25.5"))
                .body("items[1].clientAddress", equalTo("203.0.113.7"))
                .body("items[1].userAgent", equalTo("an admin's browser"))
                .body("items[0].action", equalTo("APPROVAL_GRANTED"))
                .body("items[0].actorId", equalTo(checker().id()))
                .body("items[0].before", containsString("\"state\":\"OPEN\""))
                .body("items[0].after", containsString("\"state\":\"EXECUTED\""));
        awaitBalancedBooks(user);
    }

    @Test
    void shouldLetNobodyDecideOnTheirOwnRequest() {
        TestAdmin root = TestAdmin.root();
        String id =
                ask(root, "CREDIT", "5", reference()).then().statusCode(201).extract().path("id");

        for (String how : List.of("approve", "reject")) {
            decide(root, id, how).then().statusCode(403).body("code", equalTo("OWN_REQUEST"));
        }
        decide(maker(), id, "approve")
                .then()
                .statusCode(403)
                .body("code", equalTo("PERMISSION_MISSING"));
        assertThat(stateOf(id)).isEqualTo("OPEN");
        decide(checker(), id, "reject").then().statusCode(200).body("state", equalTo("REJECTED"));
        decide(checker(), id, "approve")
                .then()
                .statusCode(409)
                .body("code", equalTo("APPROVAL_DECIDED"));
        assertThat(balance()).isEqualTo("100");
    }

    @Test
    void shouldTakeEffectOnceWhenManyDecideAtOnce() throws Exception {
        String id = asked("CREDIT", "7");
        List<TestAdmin> deciders =
                List.of(checker(), admin("checker-2", "RISK_MANAGER"), TestAdmin.root());
        List<Response> answers = new ArrayList<>();

        try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
            List<Future<Response>> running = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                TestAdmin decider = deciders.get(i % deciders.size());
                String how = i % 4 == 3 ? "reject" : "approve";
                running.add(threads.submit(() -> decide(decider, id, how)));
            }
            for (Future<Response> one : running) {
                answers.add(one.get());
            }
        }

        assertThat(answers).extracting(Response::statusCode).containsOnly(200, 409);
        List<String> decided =
                answers.stream()
                        .filter(answer -> answer.statusCode() == 200)
                        .map(answer -> answer.<String>path("decidedBy") + answer.path("state"))
                        .distinct()
                        .toList();
        assertThat(decided).hasSize(1);
        boolean approved = decided.getFirst().endsWith("EXECUTED");
        assertThat(balance()).isEqualTo(approved ? "107" : "100");
        assertThat(statement().getFirst()).hasSize(approved ? 2 : 1);
        TestAdmin.root()
                .request()
                .queryParam("subject", "approval:" + id)
                .get("/v1/admin/audit")
                .then()
                .body("items", hasSize(2));
    }

    @Test
    void shouldDebitOnlyWhatRiskLetsGo() throws Exception {
        RiskSide risk = new RiskSide(bootstrapServers);
        String reference = reference();
        String tooMuch =
                ask(maker(), "DEBIT", "80", reference).then().statusCode(201).extract().path("id");
        decide(checker(), tooMuch, "approve")
                .then()
                .statusCode(200)
                .body("state", equalTo("APPROVED"));
        ask(maker(), "DEBIT", "30", reference).then().statusCode(409);
        assertThat(risk.userEvents(user, 3).getLast())
                .isInstanceOfSatisfying(
                        DebitRequested.class,
                        debit -> {
                            assertThat(debit.adjustment()).hasToString(tooMuch);
                            assertThat(debit.amount()).isEqualTo(Usd.parse("80"));
                        });
        assertThat(balance()).isEqualTo("100");

        risk.send(
                numbered(
                        new DebitRefused(
                                new UserId(user.id()),
                                SubaccountId.parse(subaccount),
                                0,
                                AdjustmentId.parse(tooMuch),
                                WithdrawalRefusal.WITHDRAWABLE_EXCEEDED,
                                Usd.parse("61.25"),
                                System.currentTimeMillis())));
        await(() -> "REFUSED".equals(stateOf(tooMuch)), "the refusal");
        String less =
                ask(maker(), "DEBIT", "30", reference).then().statusCode(201).extract().path("id");
        decide(checker(), less, "approve").then().statusCode(200);
        var taken =
                numbered(
                        new DebitTaken(
                                new UserId(user.id()),
                                SubaccountId.parse(subaccount),
                                1,
                                AdjustmentId.parse(less),
                                Usd.parse("30"),
                                System.currentTimeMillis()));
        risk.send(taken, taken);
        await(() -> "EXECUTED".equals(stateOf(less)), "the debit");

        maker().request()
                .get("/v1/admin/approvals/" + tooMuch)
                .then()
                .body("outcome.refusal", equalTo("WITHDRAWABLE_EXCEEDED"))
                .body("outcome.withdrawable", equalTo("61.25"));
        assertThat(balance()).isEqualTo("70");
        assertThat(statement())
                .containsExactly(
                        List.of("ADJUSTMENT_DEBIT", "DEPOSIT"),
                        List.of("-30", "100"),
                        List.of("70", "100"));
        TestAdmin.root()
                .request()
                .queryParam("subject", "approval:" + less)
                .get("/v1/admin/audit")
                .then()
                .body("items", hasSize(3))
                .body("items[0].action", equalTo("APPROVAL_CONCLUDED"))
                .body("items[0].actorKind", equalTo("SERVICE"))
                .body("items[0].after", containsString("EXECUTED"));
        awaitBalancedBooks(user);
    }

    @Test
    void shouldAdjustAnotherAssetByItsLedgerAlone() {
        // Given
        String reference = reference();
        Response asked = askOf("USDT", "CREDIT", "25.5", reference);
        String credit = asked.then().statusCode(201).extract().path("id");
        askOf("USDT", "CREDIT", "25.50", reference)
                .then()
                .statusCode(200)
                .body("id", equalTo(credit))
                .body("content.asset", equalTo("USDT"));
        for (String other : List.of("XAUT", "USDC")) {
            askOf(other, "CREDIT", "25.5", reference)
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("REFERENCE_REUSED"));
        }
        assertThat(balanceOf("USDT")).isNull();

        // When
        for (int i = 0; i < 2; i++) {
            decide(checker(), credit, "approve")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("EXECUTED"))
                    .body("outcome.transactionId", equalTo(subaccount + "-USDT-1"))
                    .body("outcome.creditSequence", equalTo("1"));
        }
        String tooMuch = askedOf("USDT", "DEBIT", "25.500001");
        decide(checker(), tooMuch, "approve")
                .then()
                .statusCode(409)
                .body("code", equalTo("WITHDRAWABLE_EXCEEDED"));
        assertThat(stateOf(tooMuch)).isEqualTo("OPEN");
        assertThat(balanceOf("USDT")).isEqualTo("25.5");
        decide(checker(), tooMuch, "reject").then().statusCode(200);
        String debit = askedOf("USDT", "DEBIT", "25.5");
        for (int i = 0; i < 2; i++) {
            decide(checker(), debit, "approve")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("EXECUTED"))
                    .body("outcome.transactionId", equalTo(subaccount + "-USDT-2"))
                    .body("outcome.settlementSequence", equalTo("1"));
        }

        // Then
        assertThat(balanceOf("USDT")).isEqualTo("0");
        user.request()
                .queryParam("subaccountId", subaccount)
                .queryParam("asset", "USDT")
                .get("/v1/ledger/statement")
                .then()
                .body("items.kind", contains("ADJUSTMENT_DEBIT", "ADJUSTMENT_CREDIT"))
                .body("items.balance", contains("0", "25.5"))
                .body("items.adjustmentId", contains(debit, credit));
        assertThat(new RiskSide(bootstrapServers).userEvents(user, 2)).hasSize(2);
        awaitBalancedBooks(user);
    }

    @Test
    void shouldTakeAnAssetThatIsKeptOrOfWhichThereIsAnAccount() throws SQLException {
        askOf("ZOLD", "CREDIT", "1", reference())
                .then()
                .statusCode(400)
                .body("code", equalTo("FIELD_INVALID"))
                .body("field", equalTo("asset"))
                .body("allowed", contains("USDC", "USDT", "XAUT"));
        try (Connection connection = as("accounts_owner");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into customer_account (subaccount_id, asset, user_id, shard)"
                            + " select subaccount_id, 'ZOLD', user_id, shard from customer_account"
                            + " where subaccount_id = "
                            + subaccount);
        }

        String credit = askedOf("ZOLD", "CREDIT", "1");
        decide(checker(), credit, "approve").then().body("state", equalTo("EXECUTED"));
        String debit = askedOf("ZOLD", "DEBIT", "1");
        decide(checker(), debit, "approve").then().body("state", equalTo("EXECUTED"));

        assertThat(balanceOf("ZOLD")).isEqualTo("0");
        awaitBalancedBooks(user);
    }

    @Test
    void shouldSayNothingOfTheAssetThatGoesWithoutSaying() throws SQLException {
        String id = askedOf("USDC", "CREDIT", "1");

        try (Connection connection = as("accounts_owner");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select content from approval where approval_id = " + id)) {
            row.next();
            assertThat(row.getString(1))
                    .isEqualTo(
                            "{\"amount\":\"1\",\"direction\":\"CREDIT\",\"subaccountId\":\"%s\"}"
                                    .formatted(subaccount));
        }
        decide(checker(), id, "reject").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'USDC', 'ADJUSTMENT_CREDIT', SUBACCOUNT, 4, '{-4}'",
                "'USDC', 'ADJUSTMENT_CREDIT', SUBACCOUNT, 3000001, '{-3000001}'",
                "'USDT', 'ADJUSTMENT_CREDIT', SUBACCOUNT, 3000000, '{-3000000}'",
                "'USDC', 'ADJUSTMENT_CREDIT', 1 + SUBACCOUNT, 3000000, '{-3000000}'",
                "'USDC', 'ADJUSTMENT_DEBIT', SUBACCOUNT, -3000000, '{3000000}'",
                "'USDT', 'ADJUSTMENT_DEBIT', SUBACCOUNT, -3000000, '{3000000}'",
            })
    void shouldPostInTheDatabaseTooOnlyWhatWasApproved(String posting) throws SQLException {
        String id = asked("CREDIT", "3");
        decide(checker(), id, "approve").then().statusCode(200);
        String sql =
                "insert into ledger_transaction (number, user_id, shard, balance_after_micros,"
                        + " house_accounts, source_sequence, occurred_at, adjustment_id, asset,"
                        + " kind, subaccount_id, amount_micros, house_amounts_micros) values (99,"
                        + " %d, 0, 5, '{adjustments}', 1, now(), %s, ".formatted(user.id(), id)
                        + posting.replace("SUBACCOUNT", subaccount)
                        + ")";

        refusedByTheDatabase(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into customer_account (subaccount_id, asset, user_id, shard)"
                        + " values (SUBACCOUNT, 'USDC', USER, 0)",
                "insert into customer_account (subaccount_id, asset, user_id, shard)"
                        + " values (SUBACCOUNT, 'USDT', 1 + USER, 0)",
                "insert into customer_account (subaccount_id, asset, user_id, shard,"
                        + " balance_micros) values (SUBACCOUNT, 'USDT', USER, 0, 5)",
            })
    void shouldOpenInTheDatabaseTooOnlyEmptyAccountsOfOtherAssets(String attack)
            throws SQLException {
        refusedByTheDatabase(
                attack.replace("SUBACCOUNT", subaccount).replace("USER", Long.toString(user.id())));
    }

    private void refusedByTheDatabase(String sql) throws SQLException {
        try (Connection connection = as("accounts_admin");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "select set_config('perpetua.admin_id', '" + checker().id() + "', false)");
            assertThatThrownBy(() -> statement.execute(sql))
                    .isInstanceOf(SQLException.class)
                    .hasMessageFindingMatch("row-level security|permission denied");
        }
    }

    private Connection as(String role) throws SQLException {
        return DriverManager.getConnection(url + "?currentSchema=accounts", role, password);
    }

    @Test
    void shouldDoNothingWhenTimeIsUpOrTheRequesterHasGone() {
        TestAdmin leaving = TestAdmin.make("leaving", "ADMIN");
        TestAdmin second = TestAdmin.make("second", "RISK_MANAGER");
        String orphaned =
                ask(leaving, "CREDIT", "1", reference())
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("id");
        String late = asked("CREDIT", "2");
        TestAdmin.root()
                .request()
                .post("/v1/admin/admins/" + leaving.id() + "/disable")
                .then()
                .statusCode(200);

        assertThat(stateOf(orphaned)).isEqualTo("REJECTED");
        decide(second, orphaned, "approve")
                .then()
                .statusCode(409)
                .body("code", equalTo("APPROVAL_DECIDED"));
        clock.advance(Duration.ofSeconds(301));
        decide(second, late, "approve")
                .then()
                .statusCode(409)
                .body("code", equalTo("APPROVAL_EXPIRED"));
        second.request()
                .queryParam("state", "EXPIRED")
                .get("/v1/admin/approvals")
                .then()
                .statusCode(200)
                .body("items.id", hasItem(late));

        assertThat(balance()).isEqualTo("100");
    }

    /** Whoever has their session asks; when they are back, nothing of it is left to approve. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRejectWhatARobbedAdministratorHasAskedFor(boolean disabledFirst) {
        // Given
        TestAdmin root = TestAdmin.root();
        TestAdmin robbed = TestAdmin.make("robbed-" + disabledFirst, "ADMIN");
        String stolen =
                ask(robbed, "CREDIT", "1", reference()).then().statusCode(201).extract().path("id");
        String another = asked("CREDIT", "2");
        String path = "/v1/admin/admins/" + robbed.id();

        // When
        if (disabledFirst) {
            root.request().post(path + "/disable").then().statusCode(200);
        }
        String reset =
                root.asksFor(path + "/reset", Map.of("reason", "r", "reference", reference()));
        decide(checker(), reset, "approve").then().statusCode(200);
        TestAdmin back =
                TestAdmin.enrol(robbed.username(), root.partOf(reset) + checker().partOf(reset));

        // Then
        decide(checker(), stolen, "approve")
                .then()
                .statusCode(409)
                .body("code", equalTo("APPROVAL_DECIDED"));
        back.request()
                .get("/v1/admin/approvals/" + stolen)
                .then()
                .body("state", equalTo("REJECTED"))
                .body("decidedBy", equalTo(disabledFirst ? root.id() : checker().id()));
        root.request()
                .queryParam("subject", "approval:" + stolen)
                .get("/v1/admin/audit")
                .then()
                .body("items.action", contains("APPROVAL_REJECTED", "APPROVAL_REQUESTED"))
                .body("items[0].before", containsString("OPEN"))
                .body("items[0].after", containsString("REJECTED"));
        assertThat(stateOf(another)).isEqualTo("OPEN");
        decide(checker(), another, "reject").then().statusCode(200);
        assertThat(balance()).isEqualTo("100");
    }

    @Test
    void shouldCreditNobodyWhoIsLeaving() throws SQLException {
        String id = asked("CREDIT", "2");
        try (Connection connection = as("accounts_owner");
                Statement statement = connection.createStatement()) {
            statement.execute("update app_user set state = 'CLOSING' where user_id = " + user.id());
        }

        decide(checker(), id, "approve")
                .then()
                .statusCode(409)
                .body("code", equalTo("USER_CLOSING"));

        assertThat(stateOf(id)).isEqualTo("OPEN");
        assertThat(balance()).isEqualTo("100");
        decide(checker(), id, "reject").then().statusCode(200);
    }

    @Test
    void shouldBoundWhatIsOpen() {
        checker();
        maker();
        List<String> ids = new ArrayList<>();
        Response answer = ask(maker(), "CREDIT", "1", reference());
        while (answer.statusCode() == 201 && ids.size() <= 25) {
            ids.add(answer.path("id"));
            answer = ask(maker(), "CREDIT", "1", reference());
        }

        answer.then().statusCode(422).body("code", equalTo("APPROVALS_EXHAUSTED"));
        var page =
                maker().request()
                        .queryParam("state", "OPEN")
                        .queryParam("limit", "3")
                        .get("/v1/admin/approvals")
                        .then()
                        .statusCode(200)
                        .body("items", hasSize(3))
                        .extract();
        maker().request()
                .queryParam("state", "OPEN")
                .queryParam("limit", "3")
                .queryParam("cursor", page.<String>path("nextCursor"))
                .get("/v1/admin/approvals")
                .then()
                .statusCode(200)
                .body("items", hasSize(3))
                .body("items[0].id", equalTo(ids.get(ids.size() - 4)));
        ids.forEach(id -> decide(checker(), id, "reject").then().statusCode(200));
        ids.add(asked("CREDIT", "1"));
        decide(checker(), ids.getLast(), "reject").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subaccountId | 9   | 404 | SUBACCOUNT_UNKNOWN",
                "subaccountId | x   | 400 | FIELD_INVALID",
                "direction    | GIFT| 400 | FIELD_INVALID",
                "asset        | usdt| 400 | FIELD_INVALID",
                "amount       | 0   | 400 | FIELD_INVALID",
                "amount       | -1  | 400 | FIELD_INVALID",
                "amount       | 10000000.000001 | 400 | FIELD_INVALID",
                "reason       | ''  | 400 | FIELD_INVALID",
                "reference    | a b | 400 | FIELD_INVALID",
            })
    void shouldRefuseARequestThatIsMalformed(String field, String value, int status, String code) {
        Map<String, String> body = new HashMap<>();
        body.put("subaccountId", subaccount);
        body.put("direction", "CREDIT");
        body.put("amount", "1");
        body.put("reason", "why not");
        body.put("reference", reference());
        body.put(field, value);

        maker().request()
                .body(body)
                .post("/v1/admin/adjustments")
                .then()
                .statusCode(status)
                .body("code", equalTo(code))
                .body("field", equalTo(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update approval set state = 'EXECUTED', decided_by = ME, decided_at = now(),"
                        + " outcome = '{}', finished_at = now() where approval_id = ID",
                "update approval set state = 'EXECUTED', decided_by = OTHER, decided_at = now(),"
                        + " outcome = '{}', finished_at = now() where approval_id = ID",
                "update approval set content = '{}' where approval_id = ID",
                "delete from approval where approval_id = ID",
                "insert into approval (kind, subject, content, reason, reference, state,"
                        + " requested_by, requested_at, expires_at) select kind, subject, content,"
                        + " reason, 'x' || reference, state, OTHER, requested_at, expires_at"
                        + " from approval where approval_id = ID",
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard,"
                        + " kind, amount_micros, balance_after_micros, house_accounts,"
                        + " house_amounts_micros, source_sequence, adjustment_id, occurred_at)"
                        + " values (SUBACCOUNT, 'USDC', 99, USER, 0, 'ADJUSTMENT_CREDIT', 5, 5,"
                        + " '{adjustments}', '{-5}', 1, ID, now())",
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard,"
                        + " kind, amount_micros, balance_after_micros, house_accounts,"
                        + " house_amounts_micros, source_sequence, occurred_at)"
                        + " values (SUBACCOUNT, 'USDC', 99, USER, 0, 'DEPOSIT', 5, 5,"
                        + " '{custody}', '{-5}', 1, now())",
            })
    void shouldTakeTwoAdministratorsInTheDatabaseToo(String attack) throws SQLException {
        String id = asked("CREDIT", "3");
        String sql =
                attack.replace("SUBACCOUNT", subaccount)
                        .replace("USER", Long.toString(user.id()))
                        .replace("OTHER", checker().id())
                        .replace("ME", maker().id())
                        .replace("ID", id);
        try (Connection connection = as("accounts_admin");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "select set_config('perpetua.admin_id', '" + maker().id() + "', false)");
            if (sql.startsWith("update approval set state")) {
                assertThat(statement.executeUpdate(sql)).isZero();
            } else {
                assertThatThrownBy(() -> statement.execute(sql))
                        .isInstanceOf(SQLException.class)
                        .hasMessageFindingMatch("row-level security|permission denied");
            }
        }
        assertThat(stateOf(id)).isEqualTo("OPEN");
        decide(checker(), id, "reject").then().statusCode(200);
    }
}
