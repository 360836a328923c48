package io.perpetua.risk.messaging;

import static io.perpetua.contracts.orders.Side.BUY;
import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.PATIENT_MILLIS;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.tierRows;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.CollateralQueried;
import io.perpetua.contracts.accounts.DebitRequested;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.accounts.WithdrawalRequested;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.risk.RiskDatabase;
import io.perpetua.risk.app.NewestMarks;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.persistence.StateReader;
import io.perpetua.testkit.Backends;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The user shards over real PostgreSQL and Kafka: records in, records out. */
class RiskShardIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicLong USERS = new AtomicLong(5_000);
    private static final NewestMarks MARKS = new NewestMarks();
    private static final Map<Integer, RiskShard> SHARDS = new ConcurrentHashMap<>();
    private static RiskDatabase database;
    private static Wire wire;
    private static Eventlog eventlog;

    private final UserId user = new UserId(USERS.incrementAndGet());
    private final SubaccountId subaccount = new SubaccountId(user.value() * 10);

    @BeforeAll
    static void startBackends() {
        database = RiskDatabase.create();
        wire = new Wire(Backends.shared().bootstrapServers(), "test-" + database.database().name());
        start();
        Market market =
                market(
                        BTC,
                        MarketStatus.ACTIVE,
                        1,
                        tierRows("0 0.01 0.005"),
                        "0",
                        "0",
                        PATIENT_MILLIS);
        wire.list(market);
        MARKS.put(
                new MarkPrice(BTC, 1, price("30000"), price("30000"), System.currentTimeMillis()));
    }

    @AfterAll
    static void stop() {
        eventlog.close();
        wire.close();
    }

    private static void start() {
        eventlog =
                Eventlog.open(
                        EventlogSettings.of(
                                "risk",
                                "test",
                                Backends.shared().bootstrapServers(),
                                new SimpleMeterRegistry()));
        eventlog.run(new RememberingGroup(), database.as("risk_shard"));
    }

    /** Gives the states in memory away, to compare them with those in the database. */
    private static final class RememberingGroup extends RiskShardGroup {
        RememberingGroup() {
            super(MARKS, new SimpleMeterRegistry());
        }

        @Override
        public RiskShard create(int index) {
            RiskShard shard = super.create(index);
            SHARDS.put(index, shard);
            return shard;
        }
    }

    @BeforeEach
    void openAccount() {
        wire.send(new SubaccountOpened(user, subaccount, 0, "0x" + "0".repeat(40), 1));
        credit("2000000", 1);
    }

    /** Commands are decided by what was taken before them, so this waits. */
    private void credit(String amount, long sequence) {
        wire.send(
                new CollateralCredited(
                        user, subaccount, "USDC", usd(amount), "t" + sequence, sequence, 1));
        await().atMost(PATIENCE).until(() -> ofAccount("credit_sequence") >= sequence);
    }

    private long ofAccount(String column) {
        return stored("coalesce(sum(" + column + "), 0)", "accounts");
    }

    private long stored(String what, String table) {
        String query = "select " + what + " from " + table + " where subaccount_id = ";
        try (Connection connection = database.as("risk_shard").getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query + subaccount)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private PlaceOrder order(String clientOrderId, String size) {
        OrderId id = new OrderId(user.value() * 1_000 + Orders.nextId().value());
        return new PlaceOrder(
                id,
                user,
                subaccount,
                BTC,
                clientOrderId,
                BUY,
                OrderType.LIMIT,
                TimeInForce.GTC,
                price("30000"),
                size(size),
                false,
                SelfTrade.CANCEL_MAKER,
                0,
                0,
                null);
    }

    private Admission decided(OrderCommand command) {
        wire.send(command);
        return wire.admissionOf(command);
    }

    private OrderFilled fill(OrderId order) {
        return new OrderFilled(
                new TradeId(77),
                order,
                user,
                subaccount,
                BTC,
                null,
                BUY,
                Liquidity.TAKER,
                price("30000"),
                size("1"),
                usd("30000"),
                usd("15"),
                usd("0"),
                size("1"),
                usd("30000"),
                size("0"),
                5);
    }

    /** Whoever has just begun anew may not have loaded its shards yet. */
    private void assertLoadsAsInMemory() throws SQLException {
        int index = Partitions.of(user);
        RiskEngine loaded = new RiskEngine(MARKS);
        try (Connection connection = database.as("risk_shard").getConnection()) {
            new StateReader(connection).read(Map.of(index, loaded));
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(loaded.stateHash())
                                        .isEqualTo(SHARDS.get(index).stateHash()));
    }

    @Test
    @Tag("MRGN-11")
    void shouldAdmitWhatTheBalanceCovers() throws SQLException {
        // 7 lots of 10 at 30000 are 2,100,000; at leverage 10 ten of them hold 2,100,000
        for (int i = 0; i < 9; i++) {
            assertThat(decided(order(null, "70"))).isInstanceOf(OrderAdmitted.class);
        }

        Admission tenth = decided(order(null, "70"));

        assertThat(((PlacementRefused) tenth).refusal()).isEqualTo(Refusal.MARGIN_INSUFFICIENT);
        credit("100000", 2);
        assertThat(decided(order(null, "70"))).isInstanceOf(OrderAdmitted.class);
        assertThat(decided(order(null, "0.001"))).isInstanceOf(PlacementRefused.class);
        assertLoadsAsInMemory();
    }

    @Test
    void shouldAnswerARepeatWithTheFirstAndRefuseAReuse() {
        PlaceOrder first = order("mine", "1");
        decided(first);

        PlacementRepeated repeated = (PlacementRepeated) decided(order("mine", "1"));
        RequestRefused reused = (RequestRefused) decided(order("mine", "2"));

        assertThat(repeated.original()).isEqualTo(first.orderId());
        assertThat(reused.refusal()).isEqualTo(Refusal.CLIENT_ORDER_ID_REUSED);
        assertThat(reused.orderId()).isEqualTo(first.orderId());
        CancelAdmitted cancelled = (CancelAdmitted) decided(cancel("mine"));
        assertThat(cancelled.orderId()).isEqualTo(first.orderId());
        RequestRefused unknown = (RequestRefused) decided(cancel("theirs"));
        assertThat(unknown.refusal()).isEqualTo(Refusal.ORDER_UNKNOWN);
    }

    private CancelOrder cancel(String clientOrderId) {
        OrderId id = new OrderId(user.value() * 1_000 + Orders.nextId().value());
        return new CancelOrder(id, user, subaccount, BTC, null, clientOrderId, 0, null);
    }

    @Test
    void shouldSettleOnceWhatComesTwiceAndAcrossARestart() throws SQLException {
        // Given
        PlaceOrder order = order("kept", "1");
        decided(order);
        OrderFilled fill = fill(order.orderId());

        // When
        wire.send(user, fill);
        wire.sendAgain(user, fill);
        TradesSettled settled = (TradesSettled) wire.settlementOf(subaccount);
        eventlog.close();
        start();
        Admission repeated = decided(order("kept", "1"));

        // Then
        assertThat(settled.sequence()).isEqualTo(1);
        assertThat(settled.fee()).isEqualTo(usd("15"));
        assertThat(((PlacementRepeated) repeated).original()).isEqualTo(order.orderId());
        assertThat(ofAccount("collateral_micros")).isEqualTo(usd("1999985").micros());
        assertThat(stored("count(*)", "settlements")).isEqualTo(1);
        assertThat(wire.settlementsOf(subaccount)).isEqualTo(1);
        assertLoadsAsInMemory();
    }

    @Test
    void shouldReserveAWithdrawalOnceBehindWhatWasTraded() throws SQLException {
        // Given
        PlaceOrder order = order("first", "1");
        decided(order);
        wire.send(user, fill(order.orderId()));
        WithdrawalId tooMuch = new WithdrawalId(user.value() * 10 + 1);
        WithdrawalId mine = new WithdrawalId(user.value() * 10 + 2);

        // When: the position of 30000 keeps 3000, the fee was 15
        wire.send(new WithdrawalRequested(user, subaccount, tooMuch, usd("1996985.01"), 1));
        wire.send(new WithdrawalRequested(user, subaccount, mine, usd("1996985"), 1));
        WithdrawalReserved reserved = wire.settlementOf(subaccount, WithdrawalReserved.class);
        eventlog.close();
        start();
        wire.send(new CollateralQueried(user, subaccount, 4, 9, 1));
        CollateralReported reported = wire.settlementOf(subaccount, CollateralReported.class);

        // Then
        WithdrawalRefused refused = wire.settlementOf(subaccount, WithdrawalRefused.class);
        assertThat(refused.refusal()).isEqualTo(WithdrawalRefusal.WITHDRAWABLE_EXCEEDED);
        assertThat(refused.withdrawable()).isEqualTo(usd("1996985"));
        assertThat(refused.withdrawal()).isEqualTo(tooMuch);
        assertThat(refused.sequence()).isEqualTo(1);
        assertThat(reserved.withdrawal()).isEqualTo(mine);
        assertThat(reserved.amount()).isEqualTo(usd("1996985"));
        assertThat(reserved.sequence()).isEqualTo(2);
        assertThat(reported.sequence()).isEqualTo(2);
        assertThat(reported.creditSequence()).isEqualTo(1);
        assertThat(reported.collateral()).isEqualTo(usd("3000"));
        assertThat(reported.run()).isEqualTo(4);
        assertThat(reported.ledgerTransactions()).isEqualTo(9);
        assertThat(ofAccount("collateral_micros")).isEqualTo(usd("3000").micros());
        assertThat(stored("sum(withdrawal_micros)", "settlements"))
                .isEqualTo(usd("-1996985").micros());
        assertLoadsAsInMemory();
    }

    @Test
    void shouldTakeADebitOnceAsItWouldAWithdrawal() throws SQLException {
        PlaceOrder order = order("first", "1");
        decided(order);
        wire.send(user, fill(order.orderId()));
        AdjustmentId tooMuch = new AdjustmentId(user.value() * 10 + 1);
        AdjustmentId mine = new AdjustmentId(user.value() * 10 + 2);

        wire.send(new DebitRequested(user, subaccount, tooMuch, usd("1996985.01"), 1));
        wire.send(new DebitRequested(user, subaccount, mine, usd("1996985"), 1));
        DebitTaken taken = wire.settlementOf(subaccount, DebitTaken.class);
        eventlog.close();
        start();

        DebitRefused refused = wire.settlementOf(subaccount, DebitRefused.class);
        assertThat(refused.refusal()).isEqualTo(WithdrawalRefusal.WITHDRAWABLE_EXCEEDED);
        assertThat(refused.withdrawable()).isEqualTo(usd("1996985"));
        assertThat(refused.adjustment()).isEqualTo(tooMuch);
        assertThat(refused.sequence()).isEqualTo(1);
        assertThat(taken.adjustment()).isEqualTo(mine);
        assertThat(taken.sequence()).isEqualTo(2);
        assertThat(ofAccount("collateral_micros")).isEqualTo(usd("3000").micros());
        assertThat(stored("sum(adjustment_micros)", "settlements"))
                .isEqualTo(usd("-1996985").micros());
        assertLoadsAsInMemory();
    }

    @Test
    void shouldRefuseACommandThatNobodyCanDecide() {
        PlaceOrder poisonous = order("a\0b", "1");

        RequestRefused refused = (RequestRefused) decided(poisonous);

        assertThat(refused.refusal()).isEqualTo(Refusal.INTERNAL_ERROR);
        assertThat(decided(order(null, "1"))).isInstanceOf(OrderAdmitted.class);
    }
}
