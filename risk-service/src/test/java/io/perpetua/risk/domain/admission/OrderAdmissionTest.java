package io.perpetua.risk.domain.admission;

import static io.perpetua.contracts.orders.Side.BUY;
import static io.perpetua.contracts.orders.Side.SELL;
import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.ETH;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.tierRows;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.Fixtures;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.OpenOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OrderAdmissionTest {
    private static final long NOW = 100_000;
    private static final String FREE = "0";

    private final Account account = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Venue venue = new Venue().list(market(BTC)).mark(BTC, "100", NOW);

    private long credits;

    private void credit(String amount) {
        account.credit(usd(amount), ++credits);
    }

    private OrderAdmission decide(PlaceOrder command) {
        return OrderAdmission.decide(command, account, null, venue, venue, NOW);
    }

    private OpenOrder admit(PlaceOrder command) {
        OrderAdmission decision = decide(command);
        assertThat(decision).isInstanceOf(OrderAdmission.Admitted.class);
        OpenOrder order = ((OrderAdmission.Admitted) decision).order();
        account.holdingIn(command.market()).put(order);
        return order;
    }

    private static OrderAdmission refused(Refusal refusal) {
        return new OrderAdmission.Refused(refusal);
    }

    private AccountMargin margin() {
        return AccountMargin.of(account, venue, venue);
    }

    private void hold(MarketId market, String price, String size) {
        account.holdingIn(market).apply(Orders.opening(market, price, size));
    }

    private void feesFree(int leverage) {
        venue.list(market(BTC, MarketStatus.ACTIVE, 1, tierRows("0 0.01 0.005"), FREE, FREE));
        account.holdingIn(BTC).chooseLeverage(leverage);
    }

    @Test
    @Tag("MRGN-11")
    void shouldHoldTheWholeWorthAtLeverageOne() {
        // Given
        feesFree(1);
        venue.mark(BTC, "30000", NOW);
        credit("2000000");
        PlaceOrder sevenLotsOfTen = Orders.limit(BTC, BUY, "30000", "70");

        // When
        OrderAdmission first = decide(sevenLotsOfTen);

        // Then
        assertThat(first).isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
        assertThat(margin().available()).isEqualTo(usd("2000000"));
        credit("100000");
        admit(sevenLotsOfTen);
        assertThat(margin().holds()).isEqualTo(usd("2100000"));
        assertThat(margin().available()).isEqualTo(usd("0"));
    }

    /** One broken rule a row, and all that come after it broken too: the first is reported. */
    @ParameterizedTest
    @CsvSource({
        "1, 9, ACTIVE,      100.05, 0.0005, MARKET_UNKNOWN",
        "1, 1, ANNOUNCED,   100.05, 0.0005, MARKET_HALTED",
        "1, 1, HALTED,      100.05, 0.0005, MARKET_HALTED",
        "1, 1, SETTLING,    100.05, 0.0005, MARKET_ENDED",
        "1, 1, DELISTED,    100.05, 0.0005, MARKET_ENDED",
        "1, 1, CANCEL_ONLY, 100.05, 0.0005, MARKET_CANCEL_ONLY",
        "1, 1, POST_ONLY,   100.05, 0.0005, MARKET_POST_ONLY",
        "1, 1, REDUCE_ONLY, 100.05, 0.0005, MARKET_REDUCE_ONLY",
        "1, 1, ACTIVE,      100.05, 0.0005, PRICE_OFF_TICK",
        "1, 1, ACTIVE,      150,    0.0005, SIZE_OFF_STEP",
        "1, 1, ACTIVE,      150,    0,      SIZE_BELOW_MINIMUM",
        "1, 1, ACTIVE,      150,    10001,  SIZE_ABOVE_MAXIMUM",
        "1, 1, ACTIVE,      150,    1,      PRICE_OUT_OF_BAND",
        "1, 1, ACTIVE,      89.9,   1,      PRICE_OUT_OF_BAND",
        "1, 1, ACTIVE,      100,    1,      MARGIN_INSUFFICIENT",
    })
    void shouldReportTheFirstBrokenRule(
            int funded, int market, MarketStatus status, String price, String size, Refusal rule) {
        credit("" + funded);
        venue.list(market(BTC, status, 1, tierRows("0 0.05 0.03"), "0.0005", "0.0002"));

        OrderAdmission decision = decide(Orders.limit(new MarketId(market), BUY, price, size));

        assertThat(decision).isEqualTo(refused(rule));
    }

    @Test
    void shouldNotKnowTheSubaccountOfAnother() {
        PlaceOrder command = Orders.limit(BTC, BUY, "100", "1");
        Account others = new Account(new UserId(32), Orders.SUBACCOUNT);

        assertThat(OrderAdmission.decide(command, others, null, venue, venue, NOW))
                .isEqualTo(new OrderAdmission.Unrecorded(Refusal.SUBACCOUNT_UNKNOWN, null));
        assertThat(OrderAdmission.decide(command, null, null, venue, venue, NOW))
                .isEqualTo(new OrderAdmission.Unrecorded(Refusal.SUBACCOUNT_UNKNOWN, null));
    }

    @Test
    void shouldTellARepeatFromAReuse() {
        PlaceOrder command = Orders.limit(BTC, BUY, "100", "1");
        OrderId first = Orders.nextId();

        OrderAdmission repeat =
                OrderAdmission.decide(
                        command,
                        account,
                        new Request(first, command.contentHash()),
                        venue,
                        venue,
                        NOW);
        OrderAdmission reuse =
                OrderAdmission.decide(command, account, new Request(first, 1), venue, venue, NOW);

        assertThat(repeat).isEqualTo(new OrderAdmission.Repeated(first));
        assertThat(reuse)
                .isEqualTo(new OrderAdmission.Unrecorded(Refusal.CLIENT_ORDER_ID_REUSED, first));
    }

    @Test
    void shouldBoundOpenOrders() {
        credit("1000000");
        for (int i = 0; i < OrderAdmission.MOST_OPEN_ORDERS; i++) {
            admit(Orders.limit(BTC, BUY, "100", "1"));
        }

        assertThat(decide(Orders.limit(BTC, BUY, "100", "1")))
                .isEqualTo(refused(Refusal.TOO_MANY_OPEN_ORDERS));
    }

    /** A mark that a clock stamped ahead must not outlive the service that made it. */
    @Test
    void shouldNeedAFreshMarkToIncrease() {
        credit("1000");
        for (int side : List.of(-1, 1)) {
            venue.mark(BTC, "100", NOW + side * (Fixtures.STALE_AFTER_MILLIS + 1));
            assertThat(decide(Orders.limit(BTC, BUY, "100", "1")))
                    .isEqualTo(refused(Refusal.MARK_PRICE_UNAVAILABLE));

            venue.mark(BTC, "100", NOW + side * Fixtures.STALE_AFTER_MILLIS);
            assertThat(decide(Orders.limit(BTC, BUY, "100", "1")))
                    .isInstanceOf(OrderAdmission.Admitted.class);
        }
    }

    @ParameterizedTest
    @EnumSource(PriceFault.class)
    @Tag("ORCL")
    void shouldNeedAValidMarkToIncrease(PriceFault fault) {
        credit("1000");
        venue.doubt(BTC, "100", fault, NOW);

        assertThat(decide(Orders.limit(BTC, BUY, "100", "1")))
                .isEqualTo(refused(Refusal.MARK_PRICE_UNAVAILABLE));
    }

    @Test
    @Tag("ORCL")
    void shouldReduceByAnUncertainMark() {
        credit("1000");
        hold(BTC, "100", "1");
        venue.doubt(BTC, "100", PriceFault.UNCERTAIN, NOW);

        assertThat(decide(Orders.limit(BTC, SELL, "100", "1")))
                .isInstanceOf(OrderAdmission.Admitted.class);
    }

    @Test
    void shouldNeedFreshMarksOfEveryMarketItIsIn() {
        credit("1000");
        venue.list(market(ETH)).mark(ETH, "100", NOW - Fixtures.STALE_AFTER_MILLIS - 1);
        hold(ETH, "100", "1");

        assertThat(decide(Orders.limit(BTC, BUY, "100", "1")))
                .isEqualTo(refused(Refusal.MARK_PRICE_UNAVAILABLE));
    }

    @Test
    void shouldTolerateAStaleMarkWhenReducing() {
        credit("1000");
        hold(BTC, "100", "5");
        venue.mark(BTC, "100", NOW - Fixtures.STALE_AFTER_MILLIS - 1);

        OpenOrder order = admit(Orders.limit(BTC, SELL, "100", "5"));

        assertThat(order.reduceOnly()).isTrue();
    }

    @Test
    void shouldPriceMarketOrdersOffTheMark() {
        credit("1000");
        venue.mark(BTC, "100.05", NOW);

        // 2 % of slippage, inwards to the tick of 0.1
        assertThat(admit(Orders.market(BTC, BUY, "1")).version().limit()).isEqualTo(price("102"));
        assertThat(admit(Orders.market(BTC, SELL, "1")).version().limit()).isEqualTo(price("98.1"));
    }

    @Test
    void shouldHoldInitialMarginPriceAndFeesOfTheWorstCase() {
        credit("1000");

        admit(Orders.limit(BTC, BUY, "105", "10"));

        // 1000 / 10 + 5 x 10 + 0.0005 x 1050
        assertThat(margin().holds()).isEqualTo(usd("150.525"));
    }

    @Test
    void shouldHoldOnlyTheLargerSide() {
        feesFree(10);
        credit("1000");

        admit(Orders.limit(BTC, BUY, "99", "10"));
        admit(Orders.limit(BTC, SELL, "101", "7"));

        assertThat(margin().holds()).isEqualTo(usd("100"));
    }

    @Test
    void shouldForceReduceOnlyWhenNothingIsLeft() {
        // Given
        feesFree(10);
        credit("50");
        hold(BTC, "100", "10");

        // When
        OpenOrder order = admit(Orders.limit(BTC, SELL, "100", "10"));

        // Then
        assertThat(order.reduceOnly()).isTrue();
        assertThat(decide(Orders.limit(BTC, BUY, "100", "1")))
                .isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
    }

    @Test
    void shouldCountReducingOrdersAlreadyOpen() {
        feesFree(10);
        credit("50");
        hold(BTC, "100", "10");
        admit(Orders.limit(BTC, SELL, "100", "7"));

        assertThat(decide(Orders.limit(BTC, SELL, "100", "4")))
                .isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
        assertThat(admit(Orders.limit(BTC, SELL, "100", "3")).reduceOnly()).isTrue();
    }

    @Test
    void shouldNotForceAnOrderThatTheCollateralCovers() {
        credit("1000");
        hold(BTC, "100", "10");

        assertThat(admit(Orders.limit(BTC, SELL, "100", "10")).reduceOnly()).isFalse();
    }

    @Test
    void shouldNotLetAReducingOrderSpendMoreThanTheEquity() {
        // Given: long 100 @100 with 60 left, so at 99.4 nothing is left
        feesFree(20);
        credit("60");
        hold(BTC, "100", "100");

        // When, Then
        assertThat(decide(Orders.limit(BTC, SELL, "99.3", "100")))
                .isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
        assertThat(admit(Orders.market(BTC, SELL, "100")).version().limit())
                .isEqualTo(price("99.4"));
    }

    @Test
    void shouldLetABankruptAccountReduceAtTheMark() {
        feesFree(20);
        credit("10");
        hold(BTC, "101", "100");

        assertThat(admit(Orders.market(BTC, SELL, "100")).version().limit())
                .isEqualTo(price("100"));
        assertThat(decide(Orders.limit(BTC, SELL, "99.9", "100")))
                .isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
    }

    @Test
    void shouldAdmitReduceOnlyInAReduceOnlyMarket() {
        credit("1000");
        hold(BTC, "100", "5");
        Market reducing =
                market(BTC, MarketStatus.REDUCE_ONLY, 2, tierRows("0 0.05 0.03"), FREE, FREE);
        venue.list(reducing);

        assertThat(admit(Orders.limit(BTC, SELL, "100", "5")).reduceOnly()).isTrue();
        assertThat(decide(Orders.limit(BTC, SELL, "100", "5")))
                .isEqualTo(refused(Refusal.MARKET_REDUCE_ONLY));
    }

    @Test
    void shouldAdmitTheClientsReduceOnlyWithoutAPosition() {
        PlaceOrder command =
                Orders.place(
                        BTC, Side.SELL, OrderType.LIMIT, TimeInForce.GTC, price("100"), "5", true);

        // Matching, which knows the position of that moment, will say.
        assertThat(admit(command).reduceOnly()).isTrue();
        assertThat(margin().required()).isEqualTo(usd("0"));
    }

    @Test
    void shouldUseTheTierOfTheWorstSize() {
        venue.list(
                market(
                        BTC,
                        MarketStatus.ACTIVE,
                        1,
                        tierRows("0 0.05 0.03", "1000 0.5 0.25"),
                        FREE,
                        FREE));
        credit("499");

        assertThat(admit(Orders.limit(BTC, BUY, "100", "9")).worstRemaining()).isEqualTo(size("9"));
        assertThat(decide(Orders.limit(BTC, BUY, "100", "1")))
                .isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
    }

    @Test
    void shouldRefuseWhatNoAmountCanHold() {
        credit("9000000000");
        venue.list(market(BTC, MarketStatus.ACTIVE, 1, tierRows("0 0.05 0.03"), "0.0005", "0"));
        venue.mark(BTC, "90000000000", NOW);

        assertThat(decide(Orders.limit(BTC, BUY, "90000000000", "10000")))
                .isEqualTo(refused(Refusal.SIZE_ABOVE_MAXIMUM));
        assertThat(decide(Orders.market(BTC, BUY, "10000")))
                .isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
    }
}
