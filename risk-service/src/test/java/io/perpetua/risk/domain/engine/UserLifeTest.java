package io.perpetua.risk.domain.engine;

import static io.perpetua.contracts.orders.Side.BUY;
import static io.perpetua.contracts.orders.Side.SELL;
import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.accounts.UserDeleted;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.accounts.UserReactivated;
import io.perpetua.contracts.accounts.UserReinstated;
import io.perpetua.contracts.accounts.UserSuspended;
import io.perpetua.contracts.accounts.WithdrawalRequested;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CancelAllAdmitted;
import io.perpetua.contracts.risk.ChangeLeverage;
import io.perpetua.contracts.risk.LeverageChangeRefused;
import io.perpetua.contracts.risk.LeverageChanged;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.risk.RequestRepeated;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.risk.TransferCollateral;
import io.perpetua.contracts.risk.TransferRefused;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.transfer.CollateralTransfer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user of one shard through suspension, absence and closing, by what the engine publishes. */
class UserLifeTest {
    private static final long NOW = 100_000;
    private static final SubaccountId SECOND = new SubaccountId(99);
    private static final Market MARKET = market(BTC);

    private final Venue venue = new Venue().list(MARKET).mark(BTC, "100", NOW);
    private final RiskEngine engine = new RiskEngine(venue);
    private final Recorder published = new Recorder();
    private long closings;

    private static final class Recorder implements Outbox {
        private final List<Admission> admissions = new ArrayList<>();
        private Settlement settlement;
        private PositionEvent answer;

        @Override
        public void admit(Admission admission) {
            admissions.add(admission);
        }

        @Override
        public void settle(Settlement settled) {
            settlement = settled;
        }

        @Override
        public void answer(PositionEvent outcome) {
            answer = outcome;
        }
    }

    @BeforeEach
    void open() {
        engine.apply(new MarketApplied(MARKET, NOW));
        tell(new SubaccountOpened(Orders.USER, Orders.SUBACCOUNT, 0, "0x", NOW));
        tell(new SubaccountOpened(Orders.USER, SECOND, 1, "0x", NOW));
    }

    private void tell(UserEvent event) {
        engine.apply(event, NOW, published);
    }

    private void credit(String amount) {
        tell(
                new CollateralCredited(
                        Orders.USER, Orders.SUBACCOUNT, "USDC", usd(amount), "t", 1, NOW));
    }

    private String decide(OrderCommand command) {
        published.admissions.clear();
        engine.decide(command, NOW, published);
        return switch (published.admissions.getLast()) {
            case OrderAdmitted admitted -> admitted.reduceOnly() ? "REDUCES" : "ADMITTED";
            case PlacementRefused refused -> refused.refusal().name();
            case RequestRefused refused -> refused.refusal().name();
            case PlacementRepeated repeated -> "REPEATED";
            case RequestRepeated repeated -> "REPEATED";
            case CancelAdmitted admitted -> "ADMITTED";
            case CancelAllAdmitted admitted -> "ADMITTED";
            case AmendAdmitted admitted -> "ADMITTED";
        };
    }

    private Settlement close(ClosingKind kind) {
        tell(new UserClosing(Orders.USER, Orders.SUBACCOUNT, ++closings, kind, 0, NOW));
        return published.settlement;
    }

    private String withdraw(String amount) {
        tell(
                new WithdrawalRequested(
                        Orders.USER,
                        Orders.SUBACCOUNT,
                        new WithdrawalId(Orders.nextId().value()),
                        usd(amount),
                        NOW));
        return published.settlement instanceof WithdrawalRefused refused
                ? refused.refusal().name()
                : "RESERVED";
    }

    private String transfer(String amount) {
        TransferCollateral command =
                new TransferCollateral(
                        Orders.nextId(),
                        Orders.USER,
                        Orders.SUBACCOUNT,
                        SECOND,
                        usd(amount),
                        "t" + amount,
                        NOW,
                        null);
        engine.requests().clear();
        engine.requests().lookedUp(CollateralTransfer.keyOf(command));
        engine.decide(command, NOW, published);
        return published.answer instanceof TransferRefused refused
                ? refused.refusal().name()
                : "MOVED";
    }

    private String leverage(int leverage) {
        engine.decide(
                new ChangeLeverage(
                        Orders.nextId(), Orders.USER, Orders.SUBACCOUNT, BTC, leverage, NOW, null),
                NOW,
                published);
        return switch (published.answer) {
            case LeverageChangeRefused refused -> refused.refusal().name();
            case LeverageChanged changed -> "CHANGED";
            default -> throw new AssertionError(published.answer);
        };
    }

    private static PlaceOrder reducing(Side side) {
        return Orders.place(BTC, side, OrderType.LIMIT, TimeInForce.GTC, price("100"), "1", true);
    }

    private static CancelOrder cancel(OrderId order) {
        return new CancelOrder(
                Orders.nextId(), Orders.USER, Orders.SUBACCOUNT, BTC, order, null, NOW, null);
    }

    /** A long of 2, and an order to buy 1 and one to sell 1 that rest. */
    @ParameterizedTest
    @CsvSource({
        // what, active, suspended
        "buy,             ADMITTED, USER_SUSPENDED",
        "buy to reduce,   REDUCES,  REDUCES",
        "sell 1,          ADMITTED, REDUCES",
        "sell 3,          ADMITTED, USER_SUSPENDED",
        "amend to 2,      ADMITTED, USER_SUSPENDED",
        "amend to 0.5,    ADMITTED, ADMITTED",
        "reprice,         ADMITTED, USER_SUSPENDED",
        "cancel,          ADMITTED, ADMITTED",
        "cancel all,      ADMITTED, ADMITTED",
        "leverage,        CHANGED,  USER_SUSPENDED",
        "withdraw,        RESERVED, USER_SUSPENDED",
        "transfer,        MOVED,    USER_SUSPENDED",
    })
    void shouldLetASuspendedUserCancelAndReduceOnly(String what, String active, String suspended) {
        assertThat(outcome(what, false)).isEqualTo(active);
        assertThat(outcome(what, true)).isEqualTo(suspended);
    }

    private String outcome(String what, boolean suspended) {
        UserLifeTest user = new UserLifeTest();
        user.open();
        user.credit("10000");
        user.engine.apply(Orders.opening(BTC, "100", "2"));
        PlaceOrder resting = Orders.limit(BTC, BUY, "100", "1");
        user.decide(resting);
        if (suspended) {
            user.tell(new UserSuspended(Orders.USER, NOW));
        }
        OrderId id = resting.orderId();
        return switch (what) {
            case "buy" -> user.decide(Orders.limit(BTC, BUY, "100", "1"));
            case "buy to reduce" -> user.decide(reducing(BUY));
            case "sell 1" -> user.decide(Orders.limit(BTC, SELL, "100", "1"));
            case "sell 3" -> user.decide(Orders.limit(BTC, SELL, "100", "3"));
            case "amend to 2" -> user.decide(Orders.amend(BTC, id, null, "2"));
            case "amend to 0.5" -> user.decide(Orders.amend(BTC, id, null, "0.5"));
            case "reprice" -> user.decide(Orders.amend(BTC, id, "101", null));
            case "cancel" -> user.decide(cancel(id));
            case "cancel all" ->
                    user.decide(
                            new CancelAllOrders(
                                    Orders.nextId(),
                                    Orders.USER,
                                    Orders.SUBACCOUNT,
                                    BTC,
                                    NOW,
                                    null));
            case "leverage" -> user.leverage(10);
            case "withdraw" -> user.withdraw("1");
            case "transfer" -> user.transfer("1");
            default -> throw new AssertionError(what);
        };
    }

    @Test
    void shouldCancelWhatCouldIncreaseWhenSuspended() {
        credit("10000");
        PlaceOrder resting = Orders.limit(BTC, BUY, "100", "1");
        decide(resting);
        published.admissions.clear();

        tell(new UserSuspended(Orders.USER, NOW));

        assertThat(published.admissions)
                .containsExactly(
                        new CancelAllAdmitted(
                                new CancelAllOrders(
                                        resting.orderId(),
                                        Orders.USER,
                                        Orders.SUBACCOUNT,
                                        BTC,
                                        NOW,
                                        null)));
        tell(new UserReinstated(Orders.USER, NOW));
        assertThat(decide(Orders.limit(BTC, BUY, "100", "1"))).isEqualTo("ADMITTED");
    }

    @Test
    void shouldLeaveOrdersThatOnlyReduceWhenSuspended() {
        credit("10000");
        engine.apply(Orders.opening(BTC, "100", "2"));
        decide(reducing(SELL));
        published.admissions.clear();

        tell(new UserSuspended(Orders.USER, NOW));

        assertThat(published.admissions).isEmpty();
    }

    @Test
    void shouldAnswerARepeatAsBeforeWhateverBecameOfTheUser() {
        credit("10000");
        PlaceOrder first =
                Orders.place(
                        Orders.nextId(),
                        "mine",
                        BTC,
                        BUY,
                        OrderType.LIMIT,
                        TimeInForce.GTC,
                        price("100"),
                        size("1"),
                        false);
        engine.requests().clear();
        engine.requests().lookedUp(new Request.Key(Orders.SUBACCOUNT, "mine"));
        decide(first);
        tell(new UserSuspended(Orders.USER, NOW));

        assertThat(decide(first)).isEqualTo("REPEATED");
    }

    @Test
    void shouldTakeNothingFromADeactivatedUserUntilTheyAreBack() {
        credit("100");
        assertThat(close(ClosingKind.DEACTIVATION)).isInstanceOf(UserFrozen.class);

        assertThat(decide(Orders.limit(BTC, BUY, "100", "1"))).isEqualTo("USER_DEACTIVATED");
        assertThat(decide(cancel(Orders.nextId()))).isEqualTo("USER_DEACTIVATED");
        assertThat(leverage(10)).isEqualTo("USER_DEACTIVATED");
        assertThat(withdraw("1")).isEqualTo("USER_DEACTIVATED");
        assertThat(transfer("1")).isEqualTo("USER_DEACTIVATED");

        tell(new UserReactivated(Orders.USER, NOW));
        assertThat(decide(Orders.limit(BTC, BUY, "100", "1"))).isEqualTo("ADMITTED");
    }

    @Test
    void shouldStaySuspendedWhenBackFromAbsence() {
        credit("100");
        tell(new UserSuspended(Orders.USER, NOW));
        close(ClosingKind.DEACTIVATION);
        tell(new UserReactivated(Orders.USER, NOW));

        assertThat(decide(Orders.limit(BTC, BUY, "100", "1"))).isEqualTo("USER_SUSPENDED");
    }

    @Test
    void shouldDecideAnOrderAndAClosingInTheOrderTheyCome() {
        assertThat(close(ClosingKind.DELETION)).isInstanceOf(UserFrozen.class);

        assertThat(decide(Orders.limit(BTC, BUY, "100", "1"))).isEqualTo("USER_CLOSED");
        assertThat(decide(cancel(Orders.nextId()))).isEqualTo("USER_CLOSED");
        assertThat(leverage(10)).isEqualTo("USER_CLOSED");
        assertThat(withdraw("1")).isEqualTo("USER_CLOSED");
        assertThat(transfer("1")).isEqualTo("USER_CLOSED");
        tell(new UserDeleted(Orders.USER, NOW));
        assertThat(decide(Orders.limit(BTC, BUY, "100", "1"))).isEqualTo("USER_CLOSED");
    }

    @Test
    void shouldRefuseAClosingThatACreditOvertook() {
        credit("0.000001");

        assertThat(close(ClosingKind.DELETION)).isInstanceOf(UserClosingRefused.class);
        assertThat(withdraw("0.000001")).isEqualTo("RESERVED");
        assertThat(published.settlement).isInstanceOf(WithdrawalReserved.class);
        assertThat(close(ClosingKind.DELETION))
                .isInstanceOfSatisfying(
                        UserFrozen.class, frozen -> assertThat(frozen.sequence()).isEqualTo(1));
    }

    @Test
    void shouldKeepASubaccountClosedThatIsOpenedLater() {
        close(ClosingKind.DELETION);
        SubaccountId third = new SubaccountId(100);
        tell(new SubaccountOpened(Orders.USER, third, 2, "0x", NOW));

        assertThat(engine.account(third).standing()).isEqualTo(engine.standing(Orders.USER));
    }
}
