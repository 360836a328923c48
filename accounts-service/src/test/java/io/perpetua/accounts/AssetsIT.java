package io.perpetua.accounts;

import static io.perpetua.accounts.RiskSide.await;
import static io.perpetua.accounts.RiskSide.awaitBalancedBooks;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.AssetSettings;
import io.perpetua.accounts.app.AuditTrail;
import io.perpetua.accounts.app.CreditDepositHandler;
import io.perpetua.accounts.app.CreditDepositHandler.CreditDeposit;
import io.perpetua.accounts.app.CreditDepositHandler.DepositOutcome;
import io.perpetua.accounts.app.RequestWithdrawalHandler;
import io.perpetua.accounts.app.RequestWithdrawalHandler.RequestOutcome;
import io.perpetua.accounts.app.RequestWithdrawalHandler.RequestWithdrawal;
import io.perpetua.accounts.app.ReserveAsset;
import io.perpetua.accounts.app.SimulatedCustodian;
import io.perpetua.accounts.app.SimulatedCustody;
import io.perpetua.accounts.app.SimulatedCustody.Behaviour;
import io.perpetua.accounts.app.TransferAssetHandler;
import io.perpetua.accounts.app.TransferAssetHandler.TransferAsset;
import io.perpetua.accounts.app.TransferAssetHandler.TransferOutcome;
import io.perpetua.accounts.app.UserEventPublisher;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.accounts.persistence.AddressBookStore;
import io.perpetua.accounts.persistence.AssetTransferStore;
import io.perpetua.accounts.persistence.DepositStore;
import io.perpetua.accounts.persistence.IdStore;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Assets beside USDC: in, out and between subaccounts, with nobody acting as risk. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class AssetsIT {
    private static final String SECRET = "a secret of the tests";
    private static final Behaviour RELIABLE = new Behaviour(0, 50, 0, 0, 0, 0, 1, 0);
    private static final String PAYOUT =
            "insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset, amount_micros,"
                    + " state, counted_micros, address, client_withdrawal_id, requested_at,"
                    + " next_attempt_at, settlement_sequence) values (";
    private static final String PAID_AT_ONCE =
            ", 1, '0x1111111111111111111111111111111111111111', 'x', now(), now(), 1)";
    private static final String ENTRY =
            "insert into ledger_transaction (asset, number, shard, kind, balance_after_micros,"
                    + " house_accounts, source_sequence, occurred_at, withdrawal_id,"
                    + " subaccount_id, user_id, amount_micros, house_amounts_micros) values"
                    + " ('USDT', 99, 0, 'WITHDRAWAL', 5, '{withdrawals-in-flight}', 1, now(), ME, ";
    private static final String TAKEN = "); ";

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject SimulatedCustody custody;
    @Inject AccountsConfig config;
    @Inject AddressBookStore addresses;
    @Inject UserLifeStore lives;
    @Inject WithdrawalStore withdrawals;
    @Inject DepositStore deposits;
    @Inject AssetTransferStore transfers;
    @Inject LedgerReads reads;
    @Inject LedgerStore ledger;
    @Inject ReserveAsset reserving;
    @Inject IdStore ids;
    @Inject AuditTrail audit;
    @Inject UserEventPublisher events;
    @Inject Clock clock;
    @Inject AgroalDataSource api;

    /** A user with two subaccounts and an address to withdraw to. */
    private final class Owner {
        private final TestUser user = TestWallet.generate().signIn();
        private final String first = user.subaccount();
        private final String second =
                user.request()
                        .body(Map.of("name", "Savings"))
                        .post("/v1/subaccounts")
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("id");
        private final String address = TestWallet.generate().address();

        Response faucet(String asset, String amount, String reference) {
            return user.request()
                    .body(
                            Map.of(
                                    "subaccountId", first,
                                    "asset", asset,
                                    "amount", amount,
                                    "reference", reference))
                    .post("/v1/faucet");
        }

        void makeAddressUsable() {
            user.request()
                    .body(Map.of("label", "Mine", "address", address))
                    .post("/v1/withdrawal-addresses")
                    .then()
                    .statusCode(201);
            asOwner(
                    "update withdrawal_address set usable_at = added_at where user_id = "
                            + user.id());
        }

        Response withdraw(String asset, String amount, String clientId) {
            return user.request()
                    .body(
                            Map.of(
                                    "subaccountId", first,
                                    "asset", asset,
                                    "amount", amount,
                                    "address", address,
                                    "clientWithdrawalId", clientId))
                    .post("/v1/withdrawals");
        }

        Response transfer(String from, String to, String asset, String amount, String clientId) {
            return user.request()
                    .body(
                            Map.of(
                                    "fromSubaccountId", from,
                                    "toSubaccountId", to,
                                    "asset", asset,
                                    "amount", amount,
                                    "clientTransferId", clientId))
                    .post("/v1/asset-transfers");
        }

        String stateOf(String withdrawal) {
            return user.request().get("/v1/withdrawals/" + withdrawal).path("state");
        }

        void awaitState(String withdrawal, String... states) {
            await(
                    () -> List.of(states).contains(String.valueOf(stateOf(withdrawal))),
                    withdrawal + " is " + List.of(states));
        }

        String balance(String subaccount, String asset) {
            return user.request()
                    .queryParam("subaccountId", subaccount)
                    .get("/v1/balances")
                    .path("items.find { it.asset == '" + asset + "' }?.balance");
        }

        Response statement(String subaccount, String asset) {
            return user.request()
                    .queryParam("subaccountId", subaccount)
                    .queryParam("asset", asset)
                    .queryParam("limit", 200)
                    .get("/v1/ledger/statement");
        }
    }

    @BeforeEach
    @AfterEach
    void makeReliable() {
        custody.behave(RELIABLE);
    }

    private static String house(TestUser user, String asset, String account) {
        awaitBalancedBooks(user);
        return user.request()
                .get("/v1/ledger/trial-balance")
                .path(
                        "assets.find { it.asset == '%s' }.accounts.find { it.account == '%s' }.balance"
                                .formatted(asset, account));
    }

    @Test
    void shouldCreditDepositsOnceAndTellRiskNothingOfThem() {
        Owner owner = new Owner();
        owner.statement(owner.first, "USDT").then().statusCode(200).body("items", empty());

        Response first = owner.faucet("USDT", "250.5", "first");
        Response again = owner.faucet("USDT", "250.50", "first");
        Response other = owner.faucet("USDC", "250.5", "first");

        first.then()
                .statusCode(201)
                .body("asset", equalTo("USDT"))
                .body("creditSequence", equalTo(1))
                .body("transactionId", equalTo(owner.first + "-USDT-1"));
        again.then().statusCode(200);
        assertThat(again.asString()).isEqualTo(first.asString());
        other.then().statusCode(409).body("code", equalTo("REFERENCE_REUSED"));
        String notice =
                "{\"reference\":\"gold:%d\",\"address\":\"%s\",\"asset\":\"XAUT\",\"amount\":\"3\"}"
                        .formatted(
                                owner.user.id(),
                                owner.user
                                        .request()
                                        .get("/v1/subaccounts")
                                        .<String>path("items[0].address"));
        deposited(notice).then().statusCode(201);
        deposited(notice).then().statusCode(200);
        owner.faucet("USDC", "7", "collateral").then().statusCode(201);
        owner.user
                .request()
                .queryParam("subaccountId", owner.first)
                .get("/v1/balances")
                .then()
                .body("items.asset", contains("USDC", "USDT", "XAUT"))
                .body("items.balance", contains("7", "250.5", "3"))
                .body("items[1].locked", equalTo("0"))
                .body("items[1].available", equalTo("250.5"))
                .body("items[1].availability", equalTo("KNOWN"))
                .body("items.creditSequence", contains(1, 1, 1));
        var told = new RiskSide(bootstrapServers).userEvents(owner.user, 3);
        assertThat(told).hasSize(3);
        assertThat(told.subList(0, 2)).allMatch(SubaccountOpened.class::isInstance);
        assertThat(told.getLast())
                .isInstanceOfSatisfying(
                        CollateralCredited.class,
                        credit -> assertThat(credit.asset()).isEqualTo("USDC"));
        awaitBalancedBooks(owner.user);
    }

    @Test
    void shouldCreditOnceWhenTheFirstOfAnAssetComesOftenAtOnce() throws Exception {
        Owner owner = new Owner();

        List<Response> answers = atOnce(16, i -> () -> owner.faucet("USDT", "10", "r" + i % 8));

        assertThat(answers).filteredOn(one -> one.statusCode() == 201).hasSize(8);
        assertThat(answers).filteredOn(one -> one.statusCode() == 200).hasSize(8);
        assertThat(owner.balance(owner.first, "USDT")).isEqualTo("80");
    }

    private static Response deposited(String notice) {
        return given().contentType(ContentType.JSON)
                .header(
                        "Custodian-Signature",
                        SimulatedCustodian.sign(SECRET, System.currentTimeMillis(), notice))
                .body(notice)
                .post("/v1/deposits");
    }

    private static Response noticed(String id, String outcome) {
        String body =
                "{\"withdrawalId\":\"%s\",\"outcome\":\"%s\",\"reference\":\"0xabc\"}"
                        .formatted(id, outcome);
        return given().contentType(ContentType.JSON)
                .header(
                        "Custodian-Signature",
                        SimulatedCustodian.sign(SECRET, System.currentTimeMillis(), body))
                .body(body)
                .post("/v1/withdrawal-notices");
    }

    @Test
    void shouldNameTheAssetsWhenAnotherIsAskedFor() {
        Owner owner = new Owner();
        String notice =
                "{\"reference\":\"x\",\"address\":\"0x%s\",\"asset\":\"DAI\",\"amount\":\"3\"}"
                        .formatted("1".repeat(40));

        for (Response refused :
                List.of(
                        owner.faucet("DAI", "5", "r"),
                        owner.withdraw("DAI", "5", "w"),
                        deposited(notice))) {
            refused.then()
                    .statusCode(400)
                    .body("code", equalTo("FIELD_INVALID"))
                    .body("field", equalTo("asset"))
                    .body("allowed", contains("USDC", "USDT", "XAUT"));
        }
        for (String asset : List.of("DAI", "USDC")) {
            owner.transfer(owner.first, owner.second, asset, "5", "t")
                    .then()
                    .statusCode(400)
                    .body("field", equalTo("asset"));
        }
        owner.transfer(owner.first, owner.second, "USDC", "5", "t")
                .then()
                .body("detail", containsString("POST /v1/transfers"))
                .body("allowed", contains("USDT", "XAUT"));
        assertThat(owner.balance(owner.first, "DAI")).isNull();
    }

    @Test
    void shouldDecideAWithdrawalAtOnceAndSendItWithoutRisk() {
        Owner owner = new Owner();
        owner.makeAddressUsable();
        owner.faucet("USDT", "100", "start").then().statusCode(201);

        Response taken = owner.withdraw("USDT", "60.25", "rent");
        Response tooMuch = owner.withdraw("USDT", "39.750001", "more");
        Response again = owner.withdraw("USDT", "39.750001", "more");
        Response otherAsset = owner.withdraw("USDC", "60.25", "rent");
        Response none = owner.withdraw("XAUT", "4", "gold");

        taken.then().statusCode(202).body("state", equalTo("RESERVED"));
        tooMuch.then()
                .statusCode(202)
                .body("state", equalTo("REFUSED"))
                .body("refusal", equalTo("WITHDRAWABLE_EXCEEDED"))
                .body("withdrawable", equalTo("39.75"));
        again.then().statusCode(200);
        assertThat(again.asString()).isEqualTo(tooMuch.asString());
        otherAsset.then().statusCode(409);
        none.then().statusCode(202).body("state", equalTo("REFUSED"));
        none.then().body("withdrawable", equalTo("0"));
        String id = taken.path("id");
        owner.awaitState(id, "CONFIRMED");
        assertThat(owner.balance(owner.first, "USDT")).isEqualTo("39.75");
        owner.statement(owner.first, "USDT")
                .then()
                .body("items.kind", contains("WITHDRAWAL_CONFIRMED", "WITHDRAWAL", "DEPOSIT"))
                .body("items.amount", contains("0", "-60.25", "100"))
                .body("items.balance", contains("39.75", "39.75", "100"))
                .body("items.withdrawalId", contains(equalTo(id), equalTo(id), nullValue()));
        assertThat(house(owner.user, "USDT", "withdrawals-in-flight")).isEqualTo("0");
        assertThat(new RiskSide(bootstrapServers).userEvents(owner.user, 2))
                .hasSize(2)
                .allMatch(SubaccountOpened.class::isInstance);
        TestAdmin.root()
                .request()
                .queryParam("subject", "withdrawal:" + tooMuch.path("id"))
                .get("/v1/admin/audit")
                .then()
                .body("items.action", contains("WITHDRAWAL_REQUESTED"))
                .body("items[0].after", containsString("\"asset\":\"USDT\""));
    }

    @Test
    void shouldGiveBackWhatFailsOrIsCalledOffAndNeverBothSendAndGiveBack() throws Exception {
        custody.behave(new Behaviour(5_000, 50, 0, 0, 0, 0, 1, 0));
        Owner owner = new Owner();
        owner.makeAddressUsable();
        owner.faucet("USDT", "1000", "start").then().statusCode(201);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            all.add(owner.withdraw("USDT", "10", "s" + i).then().extract().path("id"));
        }
        owner.awaitState(all.getFirst(), "SENT", "CONFIRMED");

        List<Response> cancels =
                atOnce(
                        48,
                        i ->
                                () ->
                                        owner.user
                                                .request()
                                                .delete("/v1/withdrawals/" + all.get(23 - i / 2)));

        makeReliable();

        assertThat(cancels).extracting(Response::statusCode).contains(200, 409);
        int returned = 0;
        for (String id : all) {
            owner.awaitState(id, "CONFIRMED", "RETURNED");
            boolean cameBack = owner.stateOf(id).equals("RETURNED");
            returned += cameBack ? 1 : 0;
            assertThat(count("select count(*) from simulated_custody_transfer where key = " + id))
                    .isEqualTo(cameBack ? 0 : 1);
        }
        assertThat(returned).isBetween(1, 23);
        assertThat(owner.balance(owner.first, "USDT"))
                .isEqualTo(Integer.toString(1000 - 10 * (24 - returned)));

        custody.behave(new Behaviour(0, 600_000, 0, 0, 0, 0, 0, 0));
        String failing = owner.withdraw("USDT", "33", "fails").path("id");
        owner.awaitState(failing, "SENT");
        for (int i = 0; i < 2; i++) {
            noticed(failing, "FAILED").then().statusCode(200).body("state", equalTo("RETURNED"));
        }
        noticed(failing, "CONFIRMED").then().statusCode(409);
        assertThat(owner.balance(owner.first, "USDT"))
                .isEqualTo(Integer.toString(1000 - 10 * (24 - returned)));
        assertThat(house(owner.user, "USDT", "withdrawals-in-flight")).isEqualTo("0");
        assertThat(new RiskSide(bootstrapServers).userEvents(owner.user, 2))
                .allMatch(SubaccountOpened.class::isInstance);
    }

    @Test
    void shouldCountAgainstTheSameLimitsInDollars() {
        Owner owner = new Owner();
        owner.makeAddressUsable();
        owner.faucet("XAUT", "280", "gold").then().statusCode(201);
        owner.faucet("USDC", "10", "dollars").then().statusCode(201);

        refused(owner.withdraw("XAUT", "0.3999994", "least"), 400, "FIELD_INVALID");
        refused(owner.withdraw("XAUT", "0.399999", "least"), 422, "AMOUNT_BELOW_MINIMUM");
        refused(owner.withdraw("XAUT", "400.000001", "most"), 422, "AMOUNT_ABOVE_MAXIMUM");
        owner.withdraw("XAUT", "280.000001", "over")
                .then()
                .statusCode(422)
                .body("code", equalTo("UNVERIFIED_DAILY_LIMIT_EXCEEDED"));
        owner.withdraw("XAUT", "280", "all").then().statusCode(202);
        for (String asset : List.of("XAUT", "USDC", "USDT")) {
            owner.withdraw(asset, "1", "then-" + asset)
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("UNVERIFIED_DAILY_LIMIT_EXCEEDED"))
                    .body("detail", containsString("possible from"));
        }
    }

    @Test
    void shouldHoldTheLimitsInDollarsWhenWithdrawalsOfSeveralAssetsComeAtOnce() throws Exception {
        // Given: 1500 dollars an hour and a day
        Owner owner = new Owner();
        owner.makeAddressUsable();
        TestAdmin.root()
                .request()
                .body(Map.of("status", "VERIFIED"))
                .put("/v1/admin/users/" + owner.user.id() + "/kyc")
                .then()
                .statusCode(200);
        owner.faucet("USDT", "5000", "tether").then().statusCode(201);
        owner.faucet("XAUT", "2000", "gold").then().statusCode(201);
        List<String> assetsInTurn = List.of("USDC", "USDT", "XAUT");
        List<String> amounts = List.of("130", "130", "52");

        // When
        List<Response> answers =
                atOnce(
                        32,
                        i ->
                                () ->
                                        owner.withdraw(
                                                assetsInTurn.get(i % 3),
                                                amounts.get(i % 3),
                                                "w" + i));

        // Then
        assertThat(answers).filteredOn(one -> one.statusCode() == 202).hasSize(11);
        assertThat(answers)
                .filteredOn(one -> one.statusCode() != 202)
                .allMatch(one -> one.path("code").equals("USER_HOURLY_LIMIT_EXCEEDED"));
        assertThat(
                        count(
                                "select sum(coalesce(counted_micros, amount_micros))"
                                        + " from withdrawal where state <> 'REFUSED'"
                                        + " and user_id = "
                                        + owner.user.id()))
                .isEqualTo(1_430_000_000);
    }

    @Test
    void shouldNotCountWhatWasRefused() {
        Owner owner = new Owner();
        owner.makeAddressUsable();

        for (int i = 0; i < 3; i++) {
            owner.withdraw("XAUT", "280", "nothing" + i)
                    .then()
                    .statusCode(202)
                    .body("state", equalTo("REFUSED"));
        }
    }

    @Test
    void shouldNeverOverdrawWhenWithdrawalsAndTransfersComeAtOnce() throws Exception {
        Owner owner = new Owner();
        owner.makeAddressUsable();
        owner.faucet("USDT", "95", "start").then().statusCode(201);

        List<Response> answers =
                atOnce(
                        40,
                        i ->
                                () ->
                                        i % 2 == 0
                                                ? owner.withdraw("USDT", "10", "w" + i)
                                                : owner.transfer(
                                                        owner.first,
                                                        owner.second,
                                                        "USDT",
                                                        "10",
                                                        "t" + i));

        long reserved =
                answers.stream().filter(one -> "RESERVED".equals(one.path("state"))).count();
        long moved = answers.stream().filter(one -> one.statusCode() == 201).count();
        assertThat(reserved + moved).isEqualTo(9);
        assertThat(answers)
                .filteredOn(one -> one.statusCode() == 422)
                .hasSize(20 - (int) moved)
                .allMatch(one -> one.path("code").equals("WITHDRAWABLE_EXCEEDED"));
        assertThat(owner.balance(owner.first, "USDT")).isEqualTo("5");
        assertThat(owner.balance(owner.second, "USDT"))
                .isEqualTo(moved == 0 ? null : Long.toString(10 * moved));
        assertThat(owner.statement(owner.first, "USDT").<List<String>>path("items.balance"))
                .noneMatch(balance -> balance.startsWith("-"));
        awaitBalancedBooks(owner.user);
    }

    @Test
    void shouldMoveBetweenOwnSubaccountsOnceUnderTheClientsId() {
        Owner owner = new Owner();
        Owner stranger = new Owner();
        owner.faucet("USDT", "100", "start").then().statusCode(201);

        Response first = owner.transfer(owner.first, owner.second, "USDT", "40.5", "t1");
        Response again = owner.transfer(owner.first, owner.second, "USDT", "40.50", "t1");

        first.then().statusCode(201).body("amount", equalTo("40.5"));
        again.then().statusCode(200);
        assertThat(again.asString()).isEqualTo(first.asString());
        refused(
                owner.transfer(owner.first, owner.second, "USDT", "41", "t1"),
                409,
                "TRANSFER_ID_REUSED");
        owner.transfer(owner.first, owner.second, "USDT", "59.500001", "t2")
                .then()
                .statusCode(422)
                .body("code", equalTo("WITHDRAWABLE_EXCEEDED"))
                .body("field", equalTo("amount"))
                .body("detail", equalTo("the subaccount has 59.5 USDT"));
        owner.transfer(owner.second, owner.first, "USDT", "0.5", "t1").then().statusCode(201);
        for (String amount : List.of("0", "-1")) {
            refused(
                    owner.transfer(owner.first, owner.second, "USDT", amount, "t3"),
                    400,
                    "FIELD_INVALID");
        }
        refused(owner.transfer(owner.first, owner.first, "USDT", "1", "t3"), 400, "FIELD_INVALID");
        refused(
                owner.transfer(owner.first, owner.second, "USDT", "1", "t 3"),
                400,
                "FIELD_INVALID");
        owner.transfer(owner.first, stranger.first, "USDT", "1", "t3")
                .then()
                .statusCode(404)
                .body("field", equalTo("toSubaccountId"));
        stranger.transfer(owner.first, stranger.first, "USDT", "1", "t1")
                .then()
                .statusCode(404)
                .body("field", equalTo("fromSubaccountId"));
        String transfer = first.path("transferId");
        owner.statement(owner.first, "USDT")
                .then()
                .body("items.kind", contains("TRANSFER", "TRANSFER", "DEPOSIT"))
                .body("items.amount", contains("0.5", "-40.5", "100"))
                .body("items[1].transferId", equalTo(transfer))
                .body("items[1].counterpartSubaccountId", equalTo(owner.second))
                .body("items[1].counterPostings[0].account", equalTo("transfers"));
        owner.statement(owner.second, "USDT")
                .then()
                .body("items.amount", contains("-0.5", "40.5"))
                .body("items.balance", contains("40", "40.5"))
                .body("items.sequence", contains(2, 1));
        assertThat(house(owner.user, "USDT", "transfers")).isEqualTo("0");
        owner.statement(stranger.first, "USDT").then().statusCode(404);
    }

    @Test
    void shouldMoveNothingOfASuspendedUser() {
        Owner owner = new Owner();
        owner.faucet("USDT", "100", "start").then().statusCode(201);
        owner.transfer(owner.first, owner.second, "USDT", "1", "before").then().statusCode(201);
        String suspension = "/v1/admin/users/" + owner.user.id() + "/suspension";
        TestAdmin.root()
                .request()
                .body(Map.of("suspended", true, "reason", "a doubt"))
                .put(suspension)
                .then()
                .statusCode(200);

        refused(
                owner.transfer(owner.first, owner.second, "USDT", "1", "during"),
                422,
                "USER_SUSPENDED");
        owner.transfer(owner.first, owner.second, "USDT", "1", "before").then().statusCode(200);
        TestAdmin.root()
                .request()
                .body(Map.of("suspended", false, "reason", "none left"))
                .put(suspension)
                .then()
                .statusCode(200);
        owner.transfer(owner.first, owner.second, "USDT", "1", "during").then().statusCode(201);
    }

    private record Handlers(
            CreditDepositHandler crediting,
            TransferAssetHandler transferring,
            RequestWithdrawalHandler withdrawing) {}

    /** With sessions or settings of their own. */
    private Handlers handlers(AgroalDataSource sessions, AccountsConfig settings) {
        UserTransactions users = new UserTransactions(sessions);
        AssetSettings kept = new AssetSettings(settings);
        return new Handlers(
                new CreditDepositHandler(deposits, lives, ledger, events, users, clock, kept),
                new TransferAssetHandler(transfers, lives, ledger, reads, ids, users, clock, kept),
                new RequestWithdrawalHandler(
                        addresses,
                        lives,
                        withdrawals,
                        reads,
                        reserving,
                        ids,
                        audit,
                        events,
                        users,
                        clock,
                        settings,
                        kept));
    }

    @Test
    void shouldDoAllOrNothingWhenTheSessionIsCutBeforeAnyStatement() throws Exception {
        Owner owner = new Owner();
        owner.makeAddressUsable();
        UserId user = new UserId(owner.user.id());
        SubaccountId first = SubaccountId.parse(owner.first);
        SubaccountId second = SubaccountId.parse(owner.second);
        Asset usdt = new Asset("USDT");
        CutSessions sessions = new CutSessions(url, password);
        Handlers cut = handlers(sessions.of(api), config);

        int deposited =
                cutEverywhere(
                        sessions,
                        "0,0,0",
                        owner,
                        () ->
                                cut.crediting.handle(
                                        new CreditDeposit(
                                                user,
                                                first,
                                                usdt,
                                                Usd.parse("100"),
                                                CreditDepositHandler.Source.FAUCET,
                                                user + ":cut")));
        int transferred =
                cutEverywhere(
                        sessions,
                        "100,0,0",
                        owner,
                        () ->
                                cut.transferring.handle(
                                        new TransferAsset(
                                                user, first, second, usdt, Usd.parse("30"), "t")));
        int withdrawn =
                cutEverywhere(
                        sessions,
                        "70,30,0",
                        owner,
                        () ->
                                cut.withdrawing.handle(
                                        new RequestWithdrawal(
                                                user,
                                                first,
                                                usdt,
                                                Usd.parse("20"),
                                                EvmAddress.parse(owner.address),
                                                "w",
                                                AuditOrigin.NONE)));

        assertThat(booksOf(owner)).isEqualTo("50,30,1");
        assertThat(List.of(deposited, transferred, withdrawn)).allMatch(cuts -> cuts > 5);
        assertThat(house(owner.user, "USDT", "transfers")).isEqualTo("0");
    }

    @Test
    void shouldAnswerRepeatsAsBeforeAndTakeNothingNewOfAnAssetThatIsOffTheList() {
        // Given
        Owner owner = new Owner();
        owner.makeAddressUsable();
        UserId user = new UserId(owner.user.id());
        SubaccountId first = SubaccountId.parse(owner.first);
        Handlers without =
                handlers(
                        api,
                        OtherSettings.with(
                                AccountsConfig.class,
                                config,
                                "assets",
                                Optional.of(List.of("XAUT=2.5"))));
        Function<String, CreditDeposit> deposit =
                reference ->
                        new CreditDeposit(
                                user,
                                first,
                                new Asset("USDT"),
                                Usd.parse("100"),
                                CreditDepositHandler.Source.FAUCET,
                                user + ":" + reference);
        Function<String, TransferAsset> transfer =
                id ->
                        new TransferAsset(
                                user,
                                first,
                                SubaccountId.parse(owner.second),
                                new Asset("USDT"),
                                Usd.parse("1"),
                                id);
        Function<String, RequestWithdrawal> withdrawal =
                id ->
                        new RequestWithdrawal(
                                user,
                                first,
                                new Asset("USDT"),
                                Usd.parse("5"),
                                EvmAddress.parse(owner.address),
                                id,
                                AuditOrigin.NONE);
        String credited = owner.faucet("USDT", "100", "r").path("id");
        String moved =
                owner.transfer(owner.first, owner.second, "USDT", "1", "t").path("transferId");
        String taken = owner.withdraw("USDT", "5", "w").path("id");

        // When
        var outcomes =
                List.of(
                        without.crediting.handle(deposit.apply("r")),
                        without.transferring.handle(transfer.apply("t")),
                        without.withdrawing.handle(withdrawal.apply("w")),
                        without.crediting.handle(deposit.apply("new")),
                        without.transferring.handle(transfer.apply("new")),
                        without.withdrawing.handle(withdrawal.apply("new")));

        // Then
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        DepositOutcome.DepositCredited.class,
                        again -> {
                            assertThat(again.repeated()).isTrue();
                            assertThat(again.deposit().id()).hasToString(credited);
                        });
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        TransferOutcome.Transferred.class,
                        again -> {
                            assertThat(again.repeated()).isTrue();
                            assertThat(again.transfer().id()).hasToString(moved);
                        });
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        RequestOutcome.Taken.class,
                        again -> {
                            assertThat(again.repeated()).isTrue();
                            assertThat(again.withdrawal().id()).hasToString(taken);
                        });
        assertThat(outcomes.subList(3, 6))
                .containsExactly(
                        new DepositOutcome.AssetNotKept(),
                        new TransferOutcome.AssetNotKept(),
                        new RequestOutcome.AssetNotKept());
        assertThat(owner.balance(owner.first, "USDT")).isEqualTo("94");
    }

    /** Cuts ever later until the command gets through, then repeats it. @return how often */
    private int cutEverywhere(
            CutSessions sessions, String before, Owner owner, Callable<Object> command)
            throws Exception {
        int cuts = 0;
        while (true) {
            sessions.cutAfter(cuts);
            try {
                command.call();
            } catch (RuntimeException failed) {
                assertThat(sessions.wasCut()).as("%s", failed).isTrue();
                assertThat(booksOf(owner)).as("cut before statement %d", cuts).isEqualTo(before);
                cuts++;
                continue;
            }
            assertThat(sessions.wasCut()).isFalse();
            String after = booksOf(owner);
            sessions.cutAfter(Integer.MAX_VALUE);
            command.call();
            assertThat(booksOf(owner)).isEqualTo(after).isNotEqualTo(before);
            return cuts;
        }
    }

    /** The balances of both subaccounts in USDT, and how many withdrawals were reserved. */
    private String booksOf(Owner owner) throws SQLException {
        String balance =
                "coalesce((select balance_micros / 1000000 from customer_account"
                        + " where asset = 'USDT' and subaccount_id = %s), 0)";
        return text(
                "select concat_ws(',', %s, %s, (select count(*) from withdrawal where user_id = %d"
                                .formatted(
                                        balance.formatted(owner.first),
                                        balance.formatted(owner.second),
                                        owner.user.id())
                        + " and settlement_sequence is not null))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update customer_account set balance_micros = -1 where asset = 'USDT'",
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard, kind,"
                        + " amount_micros, house_accounts, house_amounts_micros,"
                        + " balance_after_micros, source_sequence, occurred_at)"
                        + " values (FIRST, 'USDT', 99, ME, 0, 'DEPOSIT', 5, '{custody}', '{-4}', 5,"
                        + " 1, now())",
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard, kind,"
                        + " amount_micros, house_accounts, house_amounts_micros,"
                        + " balance_after_micros, source_sequence, occurred_at)"
                        + " values (FIRST, 'USDT', 99, ME, 0, 'DEPOSIT', 5, '{custody}', '{-5}', -1,"
                        + " 1, now())",
                "insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                        + " amount_micros, address, client_withdrawal_id, state, requested_at,"
                        + " next_attempt_at, settlement_sequence) values (ME, ME, FIRST, 'USDC', 1,"
                        + " '0x1111111111111111111111111111111111111111', 'x', 'RESERVED', now(),"
                        + " now(), 1)",
                "insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                        + " amount_micros, address, client_withdrawal_id, state, requested_at,"
                        + " next_attempt_at, settlement_sequence) values (ME, ME, FIRST, 'USDT', 1,"
                        + " '0x1111111111111111111111111111111111111111', 'x', 'RESERVED', now(),"
                        + " now(), 1)",
                PAYOUT + "ME, ME, FIRST, 'USDT', 1, 'RESERVED'" + PAID_AT_ONCE,
                PAYOUT + "ME, ME, FIRST, 'USDT', 1, 'SENT'" + PAID_AT_ONCE,
                ENTRY
                        + "FIRST, ME, -1000000, '{1000000}'"
                        + TAKEN
                        + PAYOUT
                        + "ME, ME, FIRST, 'USDT', 1000001, 'RESERVED'"
                        + PAID_AT_ONCE,
                ENTRY
                        + "FIRST, ME, -1000000, '{1000000}'"
                        + TAKEN
                        + PAYOUT
                        + "ME, ME, SECOND, 'USDT', 1000000, 'RESERVED'"
                        + PAID_AT_ONCE,
                ENTRY
                        + "FIRST, ME, -1000000, '{1000000}'"
                        + TAKEN
                        + PAYOUT
                        + "ME, ME, FIRST, 'XAUT', 1000000, 'RESERVED'"
                        + PAID_AT_ONCE,
                ENTRY
                        + "FIRST, ME, -1000000, '{1000000}'"
                        + TAKEN
                        + PAYOUT
                        + "1 + ME, ME, FIRST, 'USDT', 1000000, 'RESERVED'"
                        + PAID_AT_ONCE,
                "update asset_transfer set amount_micros = 1",
                "delete from asset_transfer",
                "insert into asset_transfer values (ME, ME, FIRST, SECOND, 'USDC', 1, 'x', now())",
                "insert into asset_transfer values (ME, ME, FIRST, FIRST, 'USDT', 1, 'x', now())",
                "insert into asset_transfer values (ME, ME, FIRST, SECOND, 'USDT', 0, 'x', now())",
                "insert into asset_transfer values (ME, 1, FIRST, SECOND, 'USDT', 1, 'x', now())",
            })
    void shouldRefuseInTheDatabaseToo(String attack) throws SQLException {
        Owner owner = new Owner();
        owner.faucet("USDT", "10", "start").then().statusCode(201);
        owner.transfer(owner.first, owner.second, "USDT", "1", "t").then().statusCode(201);

        try (Connection connection = as("accounts_api");
                Statement statement = connection.createStatement()) {
            actAs(statement, owner);
            assertThatThrownBy(() -> statement.execute(filled(attack, owner)))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refusal -> assertThat(refusal.getSQLState()).isIn("23514", "42501"));
        }
        assertThat(owner.balance(owner.first, "USDT")).isEqualTo("9");
    }

    @Test
    void shouldPayNothingOutForWhatLeftTheAccountOfAnother() throws SQLException {
        Owner owner = new Owner();
        Owner other = new Owner();
        String payout = PAYOUT + "ME, ME, FIRST, 'USDT', 1000000, 'RESERVED'" + PAID_AT_ONCE;
        String entry = ENTRY + "OF_SUBACCOUNT, OF_USER, -1000000, '{1000000}'" + TAKEN;

        for (Owner taken : List.of(owner, other)) {
            try (Connection connection = as("postgres");
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute(
                        filled(entry, owner)
                                .replace("OF_SUBACCOUNT", taken.first)
                                .replace("OF_USER", Long.toString(taken.user.id())));
                statement.execute("set local role accounts_api");
                actAs(statement, owner);
                if (taken == owner) {
                    statement.execute(filled(payout, owner));
                } else {
                    assertThatThrownBy(() -> statement.execute(filled(payout, owner)))
                            .hasMessageContaining("payout_of_other_assets_is_in_the_ledger");
                }
                connection.rollback();
            }
        }
    }

    private static String filled(String sql, Owner owner) {
        return sql.replace("FIRST", owner.first)
                .replace("SECOND", owner.second)
                .replace("ME", Long.toString(owner.user.id()));
    }

    private static void actAs(Statement statement, Owner owner) throws SQLException {
        statement.execute(
                "select set_config('perpetua.user_id', '%d', false)".formatted(owner.user.id()));
    }

    @ParameterizedTest
    @CsvSource({
        "update asset_transfer set amount_micros = 1",
        "delete from asset_transfer",
        "truncate asset_transfer"
    })
    void shouldKeepEvenTheOwnerFromRewritingTransfers(String attack) throws SQLException {
        Owner owner = new Owner();
        owner.faucet("USDT", "10", "start").then().statusCode(201);
        owner.transfer(owner.first, owner.second, "USDT", "1", "t").then().statusCode(201);

        try (Connection connection = as("accounts_owner");
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(attack))
                    .hasMessageContaining("never changed");
        }
    }

    private Connection as(String role) throws SQLException {
        return DriverManager.getConnection(url + "?currentSchema=accounts", role, password);
    }

    private void asOwner(String sql) {
        try (Connection connection = as("accounts_owner");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private long count(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = as("accounts_owner");
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void refused(Response answer, int status, String code) {
        answer.then().statusCode(status).body("code", equalTo(code));
    }

    private interface Requests {
        Callable<Response> of(int i);
    }

    private static List<Response> atOnce(int count, Requests requests) throws Exception {
        List<Response> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Response>> asked =
                    IntStream.range(0, count)
                            .mapToObj(i -> threads.submit(requests.of(i)))
                            .toList();
            for (Future<Response> answer : asked) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
