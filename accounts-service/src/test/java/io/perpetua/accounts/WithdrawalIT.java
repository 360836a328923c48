package io.perpetua.accounts;

import static io.perpetua.accounts.RiskSide.await;
import static io.perpetua.accounts.RiskSide.awaitBalancedBooks;
import static io.perpetua.accounts.RiskSide.numbered;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.SimulatedCustodian;
import io.perpetua.accounts.app.SimulatedCustody;
import io.perpetua.accounts.app.SimulatedCustody.Behaviour;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.accounts.WithdrawalRequested;
import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Withdrawals from request to end; the test acts as risk, the custodian is the simulated one. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class WithdrawalIT {
    private static final String SECRET = "a secret of the tests";
    private static final Behaviour RELIABLE = new Behaviour(0, 50, 0, 0, 0, 0, 1, 0);

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject SimulatedCustody custody;
    @Inject AccountsConfig config;

    /** A user with money, an address that is not yet usable, and a count of settlements. */
    private final class Payer {
        private final TestUser user = TestWallet.generate().signIn();
        private final String subaccount = user.subaccount();
        private final String address = TestWallet.generate().address();
        private long settlements;

        Payer(String money) {
            user.faucet(subaccount, money, "start").then().statusCode(201);
            user.request()
                    .body(Map.of("label", "Mine", "address", address))
                    .post("/v1/withdrawal-addresses")
                    .then()
                    .statusCode(201);
        }

        /** As if the time had passed. */
        void makeUsable() {
            asOwner(
                    "update withdrawal_address set usable_at = added_at where user_id = "
                            + user.id());
        }

        Response withdraw(String amount, String clientId) {
            return user.request()
                    .body(
                            Map.of(
                                    "subaccountId", subaccount,
                                    "asset", "USDC",
                                    "amount", amount,
                                    "address", address,
                                    "clientWithdrawalId", clientId))
                    .post("/v1/withdrawals");
        }

        void decideKyc(String status) {
            TestAdmin.root()
                    .request()
                    .body(Map.of("status", status))
                    .put("/v1/admin/users/" + user.id() + "/kyc")
                    .then()
                    .statusCode(200);
        }

        Response cancel(String id) {
            return user.request().delete("/v1/withdrawals/" + id);
        }

        String requested(String amount, String clientId) {
            return withdraw(amount, clientId).then().statusCode(202).extract().path("id");
        }

        WithdrawalReserved reserved(String id, String amount) {
            return new WithdrawalReserved(
                    new UserId(user.id()),
                    SubaccountId.parse(subaccount),
                    ++settlements,
                    WithdrawalId.parse(id),
                    Usd.parse(amount),
                    System.currentTimeMillis());
        }

        WithdrawalRefused refused(String id, String withdrawable) {
            return new WithdrawalRefused(
                    new UserId(user.id()),
                    SubaccountId.parse(subaccount),
                    settlements,
                    WithdrawalId.parse(id),
                    WithdrawalRefusal.WITHDRAWABLE_EXCEEDED,
                    Usd.parse(withdrawable),
                    System.currentTimeMillis());
        }

        String stateOf(String id) {
            return user.request().get("/v1/withdrawals/" + id).path("state");
        }

        void awaitState(String id, String... states) {
            List<String> wanted = List.of(states);
            await(
                    () -> wanted.contains(String.valueOf(stateOf(id))),
                    "withdrawal " + id + " is " + wanted);
        }

        String balance() {
            return user.request().get("/v1/balances").path("items[0].balance");
        }
    }

    private RiskSide risk() {
        return new RiskSide(bootstrapServers);
    }

    @BeforeEach
    @AfterEach
    void makeReliable() {
        custody.behave(RELIABLE);
    }

    private static String inFlight(TestUser user) {
        awaitBalancedBooks(user);
        return user.request()
                .get("/v1/ledger/trial-balance")
                .path("assets[0].accounts.find { it.account == 'withdrawals-in-flight' }.balance");
    }

    @Test
    void shouldMoveMoneyThroughInFlightToTheCustodianOnce() throws Exception {
        Payer payer = new Payer("1000");
        payer.withdraw("250.5", "rent")
                .then()
                .statusCode(422)
                .body("code", equalTo("WITHDRAWAL_ADDRESS_NOT_YET_USABLE"))
                .body("detail", containsString("possible from 20"));
        payer.makeUsable();

        Response first = payer.withdraw("250.5", "rent");
        Response again = payer.withdraw("250.50", "rent");
        Response other = payer.withdraw("251", "rent");

        first.then().statusCode(202).body("state", equalTo("REQUESTED"));
        again.then().statusCode(200).body("id", equalTo(first.path("id")));
        other.then().statusCode(409).body("code", equalTo("CLIENT_WITHDRAWAL_ID_REUSED"));
        String id = first.path("id");
        List<UserEvent> events = risk().userEvents(payer.user, 3);
        assertThat(events).hasSize(3);
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        WithdrawalRequested.class,
                        asked -> {
                            assertThat(asked.withdrawal()).hasToString(id);
                            assertThat(asked.amount()).isEqualTo(Usd.parse("250.5"));
                        });
        var reserved = numbered(payer.reserved(id, "250.5"));
        risk().send(reserved, reserved, reserved);
        payer.awaitState(id, "CONFIRMED");
        assertThat(payer.balance()).isEqualTo("749.5");
        var statement =
                payer.user
                        .request()
                        .queryParam("subaccountId", payer.subaccount)
                        .get("/v1/ledger/statement")
                        .then()
                        .statusCode(200)
                        .extract();
        assertThat(statement.<List<String>>path("items.kind"))
                .containsExactly("WITHDRAWAL_CONFIRMED", "WITHDRAWAL", "DEPOSIT");
        assertThat(statement.<List<String>>path("items.amount"))
                .containsExactly("0", "-250.5", "1000");
        assertThat(statement.<List<String>>path("items.balance"))
                .containsExactly("749.5", "749.5", "1000");
        assertThat(statement.<List<List<String>>>path("items.counterPostings.account"))
                .containsExactly(
                        List.of("custody", "withdrawals-in-flight"),
                        List.of("withdrawals-in-flight"),
                        List.of("custody"));
        assertThat(statement.<List<String>>path("items.withdrawalId"))
                .containsExactly(id, id, null);
        assertThat(ofKind(payer, "WITHDRAWAL")).containsExactly("-250.5");
        assertThat(ofKind(payer, "TRADES_SETTLED")).isEmpty();
        assertThat(inFlight(payer.user)).isEqualTo("0");
    }

    private static List<String> ofKind(Payer payer, String kind) {
        return payer.user
                .request()
                .queryParam("subaccountId", payer.subaccount)
                .queryParam("kind", kind)
                .queryParam("from", "2020-01-01T00:00:00Z")
                .queryParam("to", "2100-01-01T00:00:00Z")
                .get("/v1/ledger/statement")
                .path("items.amount");
    }

    @Test
    void shouldMoveNothingWhenRiskRefuses() throws Exception {
        Payer payer = new Payer("100");
        payer.makeUsable();
        String id = payer.requested("90", "too-much");

        risk().send(numbered(payer.refused(id, "70.25")));

        payer.awaitState(id, "REFUSED");
        payer.user
                .request()
                .get("/v1/withdrawals/" + id)
                .then()
                .body("refusal", equalTo("WITHDRAWABLE_EXCEEDED"))
                .body("withdrawable", equalTo("70.25"));
        assertThat(payer.balance()).isEqualTo("100");
        payer.withdraw("90", "too-much").then().statusCode(200).body("state", equalTo("REFUSED"));
        assertThat(inFlight(payer.user)).isIn("0", null);
    }

    @Test
    void shouldNeitherLoseNorDoubleMoneyWhenTheCustodianIsSlowAndFailsAndRepeatsItself()
            throws Exception {
        custody.behave(new Behaviour(5, 80, 25, 40, 15, 30, 3, new Random().nextLong()));
        List<Payer> payers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            payers.add(new Payer("1000"));
        }
        List<List<String>> ids = new ArrayList<>();
        for (Payer payer : payers) {
            payer.makeUsable();
            List<String> own = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                own.add(payer.requested("50.25", "w" + i));
            }
            for (String id : own) {
                risk().send(numbered(payer.reserved(id, "50.25")));
            }
            ids.add(own);
        }

        int confirmedInAll = 0;
        for (int i = 0; i < payers.size(); i++) {
            Payer payer = payers.get(i);
            int confirmed = 0;
            for (String id : ids.get(i)) {
                payer.awaitState(id, "CONFIRMED", "RETURNED");
                confirmed += payer.stateOf(id).equals("CONFIRMED") ? 1 : 0;
            }
            confirmedInAll += confirmed;
            Usd left = Usd.parse("1000");
            for (int j = 0; j < confirmed; j++) {
                left = left.minus(Usd.parse("50.25"));
            }
            assertThat(payer.balance()).isEqualTo(left.toString());
            assertThat(ofKind(payer, "WITHDRAWAL")).hasSize(12);
            assertThat(ofKind(payer, "WITHDRAWAL_CONFIRMED")).hasSize(confirmed);
            assertThat(ofKind(payer, "WITHDRAWAL_RETURNED")).hasSize(12 - confirmed);
            List<CollateralCredited> credits =
                    risk().userEvents(payer.user, 14 + 12 - confirmed).stream()
                            .filter(CollateralCredited.class::isInstance)
                            .map(CollateralCredited.class::cast)
                            .toList();
            assertThat(credits).hasSize(1 + 12 - confirmed);
            for (int j = 0; j < credits.size(); j++) {
                assertThat(credits.get(j).sequence()).isEqualTo(j + 1);
            }
        }
        assertThat(confirmedInAll).isBetween(1, 47);
        assertThat(inFlight(payers.getFirst().user)).isEqualTo("0");
    }

    @Test
    void shouldGiveBackWhatIsCalledOffAndNotSendIt() throws Exception {
        Payer payer = new Payer("100");
        payer.makeUsable();
        String id = payer.requested("40", "regretted");

        payer.cancel(id).then().statusCode(202).body("state", equalTo("REQUESTED"));
        String noted = payer.cancel(id).then().statusCode(202).extract().path("cancelRequestedAt");
        risk().send(numbered(payer.reserved(id, "40")));
        payer.awaitState(id, "RETURNED");

        payer.cancel(id)
                .then()
                .statusCode(200)
                .body("cancelRequestedAt", equalTo(noted))
                .body("returnReason", equalTo("cancelled by its user"));
        assertThat(payer.balance()).isEqualTo("100");
        assertThat(ofKind(payer, "WITHDRAWAL")).containsExactly("-40");
        assertThat(ofKind(payer, "WITHDRAWAL_RETURNED")).containsExactly("40");
        assertThat(sentToCustodian(id)).isFalse();
        notice(id, "CONFIRMED", SECRET).then().statusCode(409);
        assertThat(risk().userEvents(payer.user, 4).getLast())
                .isInstanceOf(CollateralCredited.class);
        Payer other = new Payer("1");
        other.cancel(id).then().statusCode(404).body("code", equalTo("WITHDRAWAL_UNKNOWN"));
        String refused = payer.requested("90", "too-much");
        payer.cancel(refused).then().statusCode(202);
        risk().send(numbered(payer.refused(refused, "70")));
        payer.awaitState(refused, "REFUSED");
        payer.cancel(refused).then().statusCode(200).body("state", equalTo("REFUSED"));
        assertThat(inFlight(payer.user)).isEqualTo("0");
    }

    @Test
    void shouldCallOffNothingThatTheCustodianMayKnowOf() throws Exception {
        custody.behave(new Behaviour(0, 0, 0, 100, 0, 0, 0, 0));
        Payer payer = new Payer("100");
        payer.makeUsable();
        String id = payer.requested("40", "sent");
        risk().send(numbered(payer.reserved(id, "40")));
        await(() -> sentToCustodian(id), "a call whose answer is lost");

        payer.cancel(id).then().statusCode(409).body("code", equalTo("WITHDRAWAL_NOT_CANCELLABLE"));

        makeReliable();
        payer.awaitState(id, "CONFIRMED");
        payer.cancel(id).then().statusCode(409);
        assertThat(payer.balance()).isEqualTo("60");
    }

    /** So slow that the last ones are called off before it is called for them. */
    @Test
    void shouldSendOrGiveBackAndNeverBothWhenTheCustodianIsSlow() throws Exception {
        assertThat(sendAndCallOff(5_000)).contains(200, 409);
    }

    /** As fast as they are called off: which of the two is first is anybody's guess. */
    @Test
    void shouldSendOrGiveBackAndNeverBothWhenBothAreTriedAtOnce() throws Exception {
        sendAndCallOff(300);
    }

    /** The last one is called off first, once the first is sent. @return the answers' statuses */
    private List<Integer> sendAndCallOff(int answerMillis) throws Exception {
        custody.behave(new Behaviour(answerMillis, 50, 0, 0, 0, 0, 1, 0));
        Payer payer = new Payer("1000");
        payer.makeUsable();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            ids.add(payer.requested("10", "s" + i));
        }
        risk().send(
                        ids.stream()
                                .map(id -> numbered(payer.reserved(id, "10")))
                                .toArray(RiskSide.Numbered[]::new));
        payer.awaitState(ids.getFirst(), "SENT", "CONFIRMED");
        payer.awaitState(ids.getLast(), "RESERVED", "SENT", "CONFIRMED");
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Response>> cancels = new ArrayList<>();
            for (int i = ids.size() - 1; i >= 0; i--) {
                String id = ids.get(i);
                cancels.add(threads.submit(() -> payer.cancel(id)));
                cancels.add(threads.submit(() -> payer.cancel(id)));
            }
            for (Future<Response> cancel : cancels) {
                answers.add(cancel.get().statusCode());
            }
        }
        makeReliable();

        assertThat(answers).isSubsetOf(200, 202, 409);
        int returned = 0;
        for (String id : ids) {
            payer.awaitState(id, "CONFIRMED", "RETURNED");
            boolean cameBack = payer.stateOf(id).equals("RETURNED");
            returned += cameBack ? 1 : 0;
            assertThat(sentToCustodian(id)).as("withdrawal %s", id).isNotEqualTo(cameBack);
        }
        assertThat(payer.balance()).isEqualTo(Integer.toString(1000 - 10 * (24 - returned)));
        assertThat(ofKind(payer, "WITHDRAWAL_RETURNED")).hasSize(returned);
        assertThat(ofKind(payer, "WITHDRAWAL_CONFIRMED")).hasSize(24 - returned);
        assertThat(inFlight(payer.user)).isEqualTo("0");
        return answers;
    }

    @Test
    void shouldLetWithdrawWhatIsKnownOfTheUserAllows() {
        Payer payer = new Payer("2000");
        payer.makeUsable();
        payer.requested("700", "first");
        payer.withdraw("1", "second")
                .then()
                .statusCode(422)
                .body("code", equalTo("UNVERIFIED_DAILY_LIMIT_EXCEEDED"))
                .body("detail", containsString("possible from"));

        payer.decideKyc("VERIFIED");
        payer.withdraw("1", "second").then().statusCode(202);
        payer.decideKyc("SUSPENDED");
        payer.withdraw("1", "third").then().statusCode(403).body("code", equalTo("KYC_SUSPENDED"));
        payer.withdraw("1", "second").then().statusCode(200);
    }

    private boolean sentToCustodian(String id) {
        try (Connection owner =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_owner", password);
                Statement statement = owner.createStatement();
                java.sql.ResultSet rows =
                        statement.executeQuery(
                                "select 1 from simulated_custody_transfer where key = " + id)) {
            return rows.next();
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void shouldAskTheCustodianWhenItsNoticeNeverComes() throws Exception {
        custody.behave(new Behaviour(0, 0, 0, 0, 0, 0, 0, 0));
        Payer payer = new Payer("100");
        payer.makeUsable();
        String id = payer.requested("10", "silent");

        risk().send(numbered(payer.reserved(id, "10")));

        payer.awaitState(id, "CONFIRMED");
        payer.user
                .request()
                .get("/v1/withdrawals/" + id)
                .then()
                .body("custodyReference", equalTo("simulated-" + id));
    }

    @Test
    void shouldTakeTheCustodiansWordOnceAndNobodyElses() throws Exception {
        custody.behave(new Behaviour(0, 600_000, 0, 0, 0, 0, 0, 0));
        Payer payer = new Payer("100");
        payer.makeUsable();
        String id = payer.requested("40", "told");
        notice(id, "CONFIRMED", SECRET)
                .then()
                .statusCode(409)
                .body("code", equalTo("WITHDRAWAL_NOT_IN_FLIGHT"));
        risk().send(numbered(payer.reserved(id, "40")));
        payer.awaitState(id, "SENT");

        notice(id, "CONFIRMED", "a guess")
                .then()
                .statusCode(401)
                .body("code", equalTo("NOTICE_FORGED"));
        notice("999", "FAILED", SECRET)
                .then()
                .statusCode(404)
                .body("code", equalTo("WITHDRAWAL_UNKNOWN"));
        assertThat(payer.balance()).isEqualTo("60");
        for (int i = 0; i < 3; i++) {
            notice(id, "FAILED", SECRET).then().statusCode(200).body("state", equalTo("RETURNED"));
        }
        notice(id, "CONFIRMED", SECRET).then().statusCode(409);

        assertThat(payer.balance()).isEqualTo("100");
        assertThat(ofKind(payer, "WITHDRAWAL_RETURNED")).containsExactly("40");
        assertThat(inFlight(payer.user)).isEqualTo("0");
    }

    private static Response notice(String id, String outcome, String secret) {
        String body =
                "{\"withdrawalId\":\"%s\",\"outcome\":\"%s\",\"reference\":\"0xabc\"}"
                        .formatted(id, outcome);
        return given().contentType(ContentType.JSON)
                .header(
                        "Custodian-Signature",
                        SimulatedCustodian.sign(secret, System.currentTimeMillis(), body))
                .body(body)
                .post("/v1/withdrawal-notices");
    }

    @Test
    void shouldLetNoMoreThroughThanTheUsersLimitWhenRequestsComeAtOnce() throws Exception {
        Payer payer = new Payer("100000");
        payer.decideKyc("VERIFIED");
        payer.makeUsable();
        List<Response> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Response>> asked = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String clientId = "c" + i;
                asked.add(threads.submit(() -> payer.withdraw("200", clientId)));
            }
            for (Future<Response> answer : asked) {
                answers.add(answer.get());
            }
        }

        List<Response> taken = answers.stream().filter(one -> one.statusCode() == 202).toList();
        assertThat(taken).as("1,500 in an hour").hasSize(7);
        answers.stream()
                .filter(one -> one.statusCode() != 202)
                .forEach(
                        refused ->
                                refused.then()
                                        .statusCode(422)
                                        .body("code", equalTo("USER_HOURLY_LIMIT_EXCEEDED"))
                                        .body("field", equalTo("amount"))
                                        .body("detail", containsString("possible from")));
        payer.withdraw("1000.000001", "most")
                .then()
                .statusCode(422)
                .body("code", equalTo("AMOUNT_ABOVE_MAXIMUM"));
        payer.withdraw("0.999999", "least")
                .then()
                .statusCode(422)
                .body("code", equalTo("AMOUNT_BELOW_MINIMUM"));
        String one = taken.getFirst().path("id");
        risk().send(numbered(payer.refused(one, "0")));
        payer.awaitState(one, "REFUSED");
        payer.withdraw("200", "room-again").then().statusCode(202);
    }

    @Test
    void shouldLetNoMoreThroughThanThePlatformsLimit() throws Exception {
        Payer large = new Payer("1000");
        Payer payer = new Payer("1000");
        payer.makeUsable();
        long most = Usd.ofDollars(config.withdrawals().platformHourDollars()).micros();
        asOwner(
                "insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                        + " amount_micros, address, client_withdrawal_id, state, requested_at)"
                        + " values (1, %d, %s, 'USDC', %d, '%s', 'x', 'REQUESTED', now())"
                                .formatted(
                                        large.user.id(),
                                        large.subaccount,
                                        most,
                                        large.address.toLowerCase(java.util.Locale.ROOT)));

        Response refused = payer.withdraw("5", "crowded");
        asOwner(
                "update withdrawal set state = 'REFUSED', refusal = 'WITHDRAWABLE_EXCEEDED'"
                        + " where withdrawal_id = 1");

        refused.then()
                .statusCode(422)
                .body("code", equalTo("PLATFORM_HOURLY_LIMIT_EXCEEDED"))
                .body("detail", containsString("possible from"));
        payer.withdraw("5", "crowded").then().statusCode(202);
    }

    private void asOwner(String sql) {
        try (Connection owner =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_owner", password);
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void shouldWithdrawOnlyToTheUsersOwnAddresses() {
        Payer payer = new Payer("100");
        Payer other = new Payer("100");
        payer.makeUsable();
        var entries = payer.user.request().get("/v1/withdrawal-addresses");
        entries.then().body("items", hasSize(1)).body("items[0].address", equalTo(payer.address));
        String entry = entries.path("items[0].id");

        payer.user
                .request()
                .body(
                        Map.of(
                                "subaccountId", payer.subaccount,
                                "asset", "USDC",
                                "amount", "5",
                                "address", other.address,
                                "clientWithdrawalId", "astray"))
                .post("/v1/withdrawals")
                .then()
                .statusCode(422)
                .body("code", equalTo("WITHDRAWAL_ADDRESS_UNKNOWN"));
        other.user
                .request()
                .delete("/v1/withdrawal-addresses/" + entry)
                .then()
                .statusCode(404)
                .body("code", equalTo("WITHDRAWAL_ADDRESS_UNKNOWN"));
        add(payer, "Mine", payer.address).then().statusCode(200);
        add(payer, "Other", payer.address)
                .then()
                .statusCode(409)
                .body("code", equalTo("WITHDRAWAL_ADDRESS_KNOWN"));
        payer.user
                .request()
                .delete("/v1/withdrawal-addresses/" + entry)
                .then()
                .statusCode(200)
                .body("address", equalTo(payer.address));
        payer.withdraw("5", "gone").then().statusCode(422);
        add(payer, "Mine", payer.address).then().statusCode(201);
        payer.withdraw("5", "gone")
                .then()
                .statusCode(422)
                .body("code", equalTo("WITHDRAWAL_ADDRESS_NOT_YET_USABLE"));
        String foreign = other.user.request().get("/v1/withdrawals").path("items[0].id");
        assertThat(foreign).isNull();
    }

    @Test
    void shouldRecordWhoChangedWhereMoneyGoesAndAskedForIt() throws Exception {
        // Given
        Payer payer = new Payer("100");
        payer.makeUsable();
        String entry = payer.user.request().get("/v1/withdrawal-addresses").path("items[0].id");

        // When
        String id = payer.requested("40", "recorded");
        payer.withdraw("40", "recorded").then().statusCode(200);
        payer.cancel(id).then().statusCode(202);
        payer.cancel(id).then().statusCode(202);
        risk().send(numbered(payer.reserved(id, "40")));
        payer.awaitState(id, "RETURNED");
        add(payer, "Mine", payer.address).then().statusCode(200);
        for (int status : List.of(200, 404)) {
            payer.user
                    .request()
                    .delete("/v1/withdrawal-addresses/" + entry)
                    .then()
                    .statusCode(status);
        }

        // Then
        String actor = Long.toString(payer.user.id());
        recorded("withdrawal:" + id)
                .body("items.action", contains("WITHDRAWAL_CANCELLED", "WITHDRAWAL_REQUESTED"))
                .body("items.actorKind", everyItem(equalTo("USER")))
                .body("items.actorId", everyItem(equalTo(actor)))
                .body("items.clientAddress", everyItem(notNullValue()))
                .body("items.userAgent", everyItem(notNullValue()))
                .body("items[0].before", equalTo("{\"cancelled\":false,\"state\":\"REQUESTED\"}"))
                .body("items[0].after", equalTo("{\"cancelled\":true,\"state\":\"REQUESTED\"}"))
                .body("items[1].after", containsString("\"amount\":\"40\""))
                .body("items[1].after", containsString(payer.address.toLowerCase(Locale.ROOT)));
        recorded("withdrawal-address:" + entry)
                .body(
                        "items.action",
                        contains("WITHDRAWAL_ADDRESS_REMOVED", "WITHDRAWAL_ADDRESS_ADDED"))
                .body("items.actorId", everyItem(equalTo(actor)))
                .body("items.clientAddress", everyItem(notNullValue()))
                .body("items[0].before", containsString(payer.address.toLowerCase(Locale.ROOT)))
                .body("items[1].after", containsString(payer.address.toLowerCase(Locale.ROOT)));
    }

    private static ValidatableResponse recorded(String subject) {
        return TestAdmin.root()
                .request()
                .queryParam("subject", subject)
                .get("/v1/admin/audit")
                .then()
                .statusCode(200);
    }

    private static Response add(Payer payer, String label, String address) {
        return payer.user
                .request()
                .body(Map.of("label", label, "address", address))
                .post("/v1/withdrawal-addresses");
    }

    @Test
    void shouldBoundTheAddressBook() {
        Payer payer = new Payer("1");
        for (int i = 1; i < config.withdrawals().addressesPerUser(); i++) {
            add(payer, "a" + i, TestWallet.generate().address()).then().statusCode(201);
        }

        add(payer, "one more", TestWallet.generate().address())
                .then()
                .statusCode(422)
                .body("code", equalTo("WITHDRAWAL_ADDRESSES_EXHAUSTED"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label   | A\\u0000b                                   | 400",
                "label   | ''                                          | 400",
                "address | 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD  | 400",
                "address | 0x0000000000000000000000000000000000000000  | 400",
                "address | 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed1 | 400",
                "address | 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed  | 201",
                "address | 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed  | 201",
            })
    void shouldNameTheFieldWhenAnAddressIsWrong(String field, String value, int status) {
        TestUser user = TestWallet.generate().signIn();
        String label = field.equals("label") ? value : "Cold";
        String address =
                field.equals("address") ? value : "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

        user.request()
                .body("{\"label\":\"%s\",\"address\":\"%s\"}".formatted(label, address))
                .post("/v1/withdrawal-addresses")
                .then()
                .statusCode(status)
                .body("field", equalTo(status == 400 ? field : null));
    }
}
