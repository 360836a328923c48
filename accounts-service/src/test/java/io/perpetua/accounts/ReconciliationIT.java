package io.perpetua.accounts;

import static io.perpetua.accounts.RiskSide.await;
import static io.perpetua.accounts.RiskSide.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.app.NightlyReconciliation;
import io.perpetua.accounts.app.ReconcileHandler;
import io.perpetua.accounts.persistence.AccountCheckStore;
import io.perpetua.accounts.persistence.AccountCheckStore.Checked;
import io.perpetua.accounts.persistence.AccountCheckStore.Contradiction;
import io.perpetua.accounts.persistence.AccountCheckStore.Place;
import io.perpetua.accounts.persistence.ReconciliationStore;
import io.perpetua.accounts.persistence.ReconciliationStore.Compared;
import io.perpetua.accounts.persistence.ReconciliationStore.DifferenceRow;
import io.perpetua.contracts.accounts.CollateralQueried;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
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
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison of the ledger with risk's copies; the test acts as risk. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ReconciliationIT {
    private static final String RECONCILIATIONS = "/v1/admin/ledger/reconciliations";

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject ReconcileHandler reconciling;
    @Inject NightlyReconciliation nightly;
    @Inject ReconciliationStore store;
    @Inject AccountCheckStore accounts;
    @Inject TestClock clock;
    @Inject MeterRegistry metrics;

    private TestUser user;
    private SubaccountId subaccount;

    @BeforeEach
    void makeUser() {
        user = TestWallet.generate().signIn();
        subaccount = SubaccountId.parse(user.subaccount());
    }

    /** Other tests count the events of their users. */
    @AfterEach
    void awaitQuestions() {
        await(
                () -> strings("select 1 from reconciliation_run where asked_at is null").isEmpty(),
                "the questions of all runs");
    }

    private RiskSide risk() {
        return new RiskSide(bootstrapServers);
    }

    private static long startOnDemand() {
        AtomicReference<Response> started = new AtomicReference<>();
        await(
                () -> {
                    started.set(TestAdmin.root().request().post(RECONCILIATIONS));
                    return started.get().statusCode() != 409;
                },
                "the questions of the run before");
        return Long.parseLong(started.get().then().statusCode(202).extract().path("id"));
    }

    private CollateralQueried queried(long run, int eventsBefore) {
        return risk().userEvents(user, eventsBefore + 1).stream()
                .filter(CollateralQueried.class::isInstance)
                .map(CollateralQueried.class::cast)
                .filter(query -> query.run() == run)
                .findFirst()
                .orElseThrow();
    }

    private CollateralReported reported(
            CollateralQueried query, long sequence, long credits, String collateral) {
        return new CollateralReported(
                query.user(),
                query.subaccount(),
                sequence,
                credits,
                Usd.parse(collateral),
                query.run(),
                query.ledgerTransactions(),
                System.currentTimeMillis());
    }

    private TradesSettled settled(long sequence, String realised) {
        return new TradesSettled(
                new UserId(user.id()),
                subaccount,
                new MarketId(1),
                sequence,
                new TradeId(sequence),
                new TradeId(sequence),
                1,
                Usd.parse("500"),
                Usd.parse(realised),
                Usd.ZERO,
                System.currentTimeMillis());
    }

    private List<String> differences(long run) {
        return strings(
                "select concat_ws(' ', settlement_sequence, credit_sequence, ledger_micros,"
                        + " risk_micros, coalesce(first_transaction, 0), first_sequence)"
                        + " from reconciliation_difference where run_id = "
                        + run
                        + " and subaccount_id = "
                        + subaccount);
    }

    private long compared(long run) {
        return Long.parseLong(
                strings("select compared from reconciliation_run where run_id = " + run)
                        .getFirst());
    }

    private List<String> strings(String sql) {
        try (Connection owner =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_owner", password);
                Statement statement = owner.createStatement()) {
            List<String> values = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        values.add(rows.getString(1));
                    }
                }
            }
            return values;
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void shouldCompareAtEqualSequencesAndNameTheFirstDifference() throws Exception {
        // Given: the ledger goes on while risk's first copy is on its way
        user.faucet(subaccount.toString(), "100", "a").then().statusCode(201);
        risk().send(numbered(settled(1, "5")));
        long first = startOnDemand();
        CollateralQueried query = queried(first, 2);
        user.faucet(subaccount.toString(), "30", "b").then().statusCode(201);

        // When
        risk().send(
                        numbered(settled(2, "7")),
                        numbered(reported(query, 2, 1, "112")),
                        numbered(settled(3, "-2")));
        await(() -> compared(first) == 1, "the first comparison");
        long second = startOnDemand();
        CollateralQueried again = queried(second, 4);
        risk().send(numbered(reported(again, 3, 2, "139.999999")));
        await(() -> compared(second) == 1, "the second comparison");

        // Then
        assertThat(differences(first)).isEmpty();
        assertThat(differences(second)).containsExactly("3 2 140000000 139999999 0 3");
        var run =
                TestAdmin.root()
                        .request()
                        .get(RECONCILIATIONS + "/" + second)
                        .then()
                        .statusCode(200)
                        .body("kind", equalTo("ON_DEMAND"))
                        .body("compared", equalTo(1))
                        .body("differing", equalTo(1))
                        .extract();
        assertThat(run.<Integer>path("asked")).isPositive();
        TestAdmin.root()
                .request()
                .get(RECONCILIATIONS + "/" + second + "/differences")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].subaccountId", equalTo(subaccount.toString()))
                .body("items[0].firstSequence", equalTo(3))
                .body("items[0].ledger", equalTo("140"))
                .body("items[0].risk", equalTo("139.999999"));
        var page =
                TestAdmin.root()
                        .request()
                        .queryParam("limit", "1")
                        .get(RECONCILIATIONS)
                        .then()
                        .statusCode(200)
                        .body("items[0].id", equalTo(Long.toString(second)))
                        .extract();
        TestAdmin.root()
                .request()
                .queryParam("limit", "1")
                .queryParam("cursor", page.<String>path("nextCursor"))
                .get(RECONCILIATIONS)
                .then()
                .body("items[0].id", equalTo(Long.toString(first)));
        TestAdmin.root()
                .request()
                .queryParam("subject", "reconciliation:" + second)
                .get("/v1/admin/audit")
                .then()
                .body("items", hasSize(1))
                .body("items[0].action", equalTo("RECONCILIATION_STARTED"));
        TestAdmin.root()
                .request()
                .get("/v1/admin/ledger/trial-balance")
                .then()
                .statusCode(200)
                .body("balanced", equalTo(true));
        TestAdmin.root().request().get(RECONCILIATIONS + "/999999999").then().statusCode(404);
    }

    @Test
    void shouldNameTheTransactionAfterWhichTheLedgerContradictsItself() throws Exception {
        user.faucet(subaccount.toString(), "100", "a").then().statusCode(201);
        risk().send(numbered(settled(1, "5")), numbered(settled(2, "6")));
        await(
                () ->
                        Integer.valueOf(2)
                                .equals(
                                        user.request()
                                                .get("/v1/balances")
                                                .path("items[0].settlementSequence")),
                "two settlements");
        String change =
                "alter table ledger_transaction disable trigger ledger_transaction_is_never_changed"
                        + "; update ledger_transaction"
                        + " set balance_after_micros = balance_after_micros + %d"
                        + " where number = 2 and subaccount_id = "
                        + subaccount
                        + "; alter table ledger_transaction"
                        + " enable always trigger ledger_transaction_is_never_changed"
                        + "; update customer_account set balance_micros = balance_micros + %d"
                        + " where subaccount_id = "
                        + subaccount;
        strings(change.formatted(1, 1));

        long run = startOnDemand();
        risk().send(numbered(reported(queried(run, 2), 2, 1, "111")));
        await(() -> compared(run) == 1, "the comparison");
        strings(change.formatted(-1, -1));

        assertThat(differences(run)).containsExactly("2 1 111000001 111000000 2 1");
    }

    @Test
    void shouldSearchFromTheLastAgreementAndNoFurtherThanItMay() throws Exception {
        // Given
        user.faucet(subaccount.toString(), "100", "a").then().statusCode(201);
        user.faucet(subaccount.toString(), "1", "b").then().statusCode(201);
        long agreed = startOnDemand();
        CollateralQueried query = queried(agreed, 3);
        risk().send(numbered(reported(query, 0, 2, "101")));
        await(() -> compared(agreed) == 1, "the comparison that agrees");
        assertThat(differences(agreed)).isEmpty();
        for (String reference : List.of("c", "d", "e")) {
            user.faucet(subaccount.toString(), "1", reference).then().statusCode(201);
        }
        String change =
                "alter table ledger_transaction disable trigger ledger_transaction_is_never_changed"
                        + "; update ledger_transaction set balance_after_micros ="
                        + " balance_after_micros + %d where number in (1, 5) and subaccount_id = "
                        + subaccount
                        + "; alter table ledger_transaction"
                        + " enable always trigger ledger_transaction_is_never_changed";
        Compared differing = new Compared(reported(query, 0, 5, "104"), Usd.parse("105"));
        strings(change.formatted(1));

        // When
        List<Long> found = new ArrayList<>();
        for (int most : List.of(4, 3)) {
            found.add(firstTransaction(differing, most));
        }

        // Then
        strings(change.formatted(-1));
        assertThat(found).containsExactly(5L, null);
    }

    /** As a search of so many transactions finds it; nothing is stored. */
    private @Nullable Long firstTransaction(Compared differing, int mostSearched)
            throws SQLException {
        try (Connection shard =
                DriverManager.getConnection(
                        url + "?currentSchema=accounts", "accounts_shard", password)) {
            shard.setAutoCommit(false);
            DifferenceRow row =
                    store.differ(shard, List.of(differing), mostSearched, Instant.now()).getFirst();
            shard.rollback();
            return row.firstTransaction();
        }
    }

    private void creditTether(TestUser owner, String amount, String reference) {
        owner.request()
                .body(
                        Map.of(
                                "subaccountId",
                                owner.subaccount(),
                                "asset",
                                "USDT",
                                "amount",
                                amount,
                                "reference",
                                reference))
                .post("/v1/faucet")
                .then()
                .statusCode(201);
    }

    @Test
    void shouldFindBalancesInAnotherAssetThatWereChangedBehindTheLedger() {
        // Given
        TestUser other = TestWallet.generate().signIn();
        creditTether(user, "10", "a");
        creditTether(other, "10", "a");
        double before = differencesRaised();
        String change =
                "update customer_account set balance_micros = balance_micros + %d * case"
                        + " subaccount_id when %s then 5000000 else -5000000 end"
                        + " where asset = 'USDT' and subaccount_id in (%s, %s)";
        strings(change.formatted(1, subaccount, subaccount, other.subaccount()));

        // When
        long run = startOnDemand();
        await(
                () ->
                        !strings(
                                        "select 1 from reconciliation_run where checked_at is not"
                                                + " null and run_id = "
                                                + run)
                                .isEmpty(),
                "the check");

        // Then
        strings(change.formatted(-1, subaccount, subaccount, other.subaccount()));
        assertThat(
                        strings(
                                "select concat_ws(' ', subaccount_id, asset, ledger_micros,"
                                        + " postings_micros, first_transaction, risk_micros)"
                                        + " from reconciliation_difference where run_id = "
                                        + run
                                        + " and subaccount_id in (%s, %s) order by subaccount_id"
                                                .formatted(subaccount, other.subaccount())))
                .containsExactly(
                        subaccount + " USDT 15000000 10000000",
                        other.subaccount() + " USDT 5000000 10000000");
        TestAdmin.root()
                .request()
                .get("/v1/admin/ledger/trial-balance")
                .then()
                .body("balanced", equalTo(true));
        TestAdmin.root()
                .request()
                .get(RECONCILIATIONS + "/" + run)
                .then()
                .statusCode(200)
                .body("checked", greaterThanOrEqualTo(2))
                .body("contradicting", equalTo(2));
        TestAdmin.root()
                .request()
                .get(RECONCILIATIONS + "/" + run + "/differences")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[1].subaccountId", equalTo(subaccount.toString()))
                .body("items[1].asset", equalTo("USDT"))
                .body("items[1].ledger", equalTo("15"))
                .body("items[1].postings", equalTo("10"))
                .body("items[1].risk", nullValue())
                .body("items[1].firstSequence", nullValue())
                .body("items[1].firstTransactionId", nullValue());
        await(() -> differencesRaised() >= before + 2, "the alerts");
    }

    private double differencesRaised() {
        return metrics.counter("perpetua.accounts.reconciliation.differences").count();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1                                                              | none",
                "update customer_account set balance_micros = 4000000                  | null",
                "update customer_account set transactions = 4                          | 5",
                "update customer_account set transactions = 1000000000000              | 6",
                "update ledger_transaction set balance_after_micros = 5 | 1",
                "update ledger_transaction set balance_after_micros = 5 where number = 3 | 3",
                "update ledger_transaction set balance_after_micros = 5 where number = 5 | 5",
                "update ledger_transaction set amount_micros = 1000000 + (number - 3),"
                        + " house_amounts_micros = array[-1000000 - (number - 3)]"
                        + " where number in (2, 4) | 2",
                "delete from ledger_transaction where number = 1                       | 1",
                "delete from ledger_transaction where number = 3                       | 3",
                "delete from ledger_transaction where number = 5                       | 5",
                "delete from ledger_transaction                                        | 1",
                "update ledger_transaction set number = 7 where number = 5             | 5",
            })
    void shouldNameTheFirstTransactionThatIsMissingOrWrongHoweverFewAreReadAtOnce(
            String change, String expected) throws Exception {
        for (int i = 0; i < 5; i++) {
            creditTether(user, "1", "r" + i);
        }
        String where =
                (change.contains("where") ? " and" : " where")
                        + " asset = 'USDT' and subaccount_id = "
                        + subaccount;

        try (Connection postgres =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "postgres", password);
                Statement statement = postgres.createStatement()) {
            postgres.setAutoCommit(false);
            statement.execute("set local lock_timeout = '5s'");
            statement.execute(
                    "alter table ledger_transaction"
                            + " disable trigger ledger_transaction_is_never_changed");
            statement.execute(change.startsWith("select") ? change : change + where);
            for (int most = 1; most <= 6; most++) {
                assertThat(contradictions(postgres, most))
                        .as("%d at once", most)
                        .isEqualTo(expected);
            }
            postgres.rollback();
        }
    }

    /** The first transactions that are named of the subaccount, so many read at once. */
    private String contradictions(Connection connection, int most) throws SQLException {
        List<Contradiction> found = new ArrayList<>();
        Place place = Place.before(subaccount.value(), "USDT");
        while (place != null && place.subaccount() == subaccount.value()) {
            Checked step = accounts.check(connection, place, 1, most);
            found.addAll(step.contradictions());
            place = step.next();
        }
        return found.stream()
                .filter(one -> one.subaccount().equals(subaccount))
                .map(one -> String.valueOf(one.firstTransaction()))
                .reduce((a, b) -> a + " " + b)
                .orElse("none");
    }

    @Test
    void shouldRaiseTheAlarmWhenNoNightIsDoneForMoreThanADay() {
        // Given
        double before = missedNights();
        strings(
                "insert into reconciliation_run (kind, night, started_at, asked_at, checked_at)"
                        + " values ('NIGHTLY', '1970-01-01', now() + interval '1 minute', now(),"
                        + " now())");

        // When
        boolean soon = nightly.check();
        clock.advance(Duration.ofHours(27));
        boolean late = nightly.check();
        clock.reset();
        strings("delete from reconciliation_run where night = '1970-01-01'");

        // Then
        assertThat(soon).isTrue();
        assertThat(late).isFalse();
        assertThat(missedNights()).isEqualTo(before + 1);
    }

    private double missedNights() {
        return metrics.counter("perpetua.accounts.reconciliation.nights.missed").count();
    }

    @Test
    void shouldStartANightsRunOnce() {
        LocalDate night = LocalDate.of(2001, 1, 1).plusDays(user.id());

        assertThat(reconciling.startNightly(night)).isPresent();
        assertThat(reconciling.startNightly(night)).isEmpty();
    }
}
