package io.perpetua.orders.domain.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.CloseReason;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarketEngineTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long ALICE = 1;
    private static final long BOB = 3;
    private static final long CAROL = 5;

    private final Commands commands = new Commands();
    private final Published published = new Published();
    private final MarketEngine engine =
            MarketEngine.empty(
                    Commands.MARKET,
                    new TradeIds(1),
                    (order, subaccount) -> order.value() == 999 && subaccount.value() == ALICE);

    @BeforeEach
    void open() {
        engine.apply(Commands.market(MarketStatus.ACTIVE, 1, "100"), NOW, published);
        published.drain();
    }

    @Test
    void shouldTellBothSidesAndThePublicWhenOrdersTrade() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.5"));

        decide(commands.limit(2, BOB, Side.BUY, "50010", "0.2"));

        assertThat(published.trades)
                .singleElement()
                .satisfies(
                        trade -> {
                            assertThat(trade.price()).isEqualTo(Price.parse("50000"));
                            assertThat(trade.size()).isEqualTo(Quantity.parse("0.2"));
                            assertThat(trade.notional()).isEqualTo(Usd.parse("10000"));
                            assertThat(trade.takerSide()).isEqualTo(Side.BUY);
                            assertThat(trade.openInterest()).isEqualTo(Quantity.parse("0.2"));
                        });
        assertThat(published.drainWords())
                .containsExactly(
                        "1 opened v1: 0 of 0.5 filled @50000 -> 0:1",
                        "1 MAKER 0.2 @50000, fee -0.2, realised 0, holds -0.2 for -10000",
                        "2 TAKER 0.2 @50000, fee 4.5, realised 0, holds 0.2 for 10000",
                        "2 FILLED: 0.2 of 0.2 for 10000 -> 0:2");
    }

    @Test
    void shouldRealiseAgainstCostWhenPositionsCloseAndFlip() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.3"));
        decide(commands.limit(2, BOB, Side.BUY, "50000", "0.3"));
        decide(commands.limit(3, CAROL, Side.BUY, "50100", "0.5"));
        published.drain();

        decide(commands.limit(4, BOB, Side.SELL, "50100", "0.5"));

        assertThat(published.drainWords())
                .containsExactly(
                        "3 MAKER 0.5 @50100, fee -0.501, realised 0, holds 0.5 for 25050",
                        "4 TAKER 0.5 @50100, fee 11.2725, realised 30, holds -0.2 for -10020",
                        "3 FILLED: 0.5 of 0.5 for 25050",
                        "4 FILLED: 0.5 of 0.5 for 25050 -> 0:4");
        assertThat(engine.openInterest()).isEqualTo(Quantity.parse("0.5"));
        assertThat(engine.state().realised()).isEqualTo(Usd.parse("30"));
    }

    @Test
    void shouldCancelRestWhenMarketOrderFindsNoMore() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.1"));
        published.drain();

        decide(
                commands.admitted(
                        commands.order(
                                2,
                                BOB,
                                Side.BUY,
                                OrderType.MARKET,
                                TimeInForce.GTC,
                                "",
                                "0.3",
                                false,
                                SelfTrade.CANCEL_TAKER,
                                NOW),
                        "52500.25"));

        assertThat(published.drain())
                .last()
                .isInstanceOfSatisfying(
                        OrderClosed.class,
                        closed -> {
                            assertThat(closed.price()).isNull();
                            assertThat(closed.reason()).isEqualTo(CloseReason.NO_MORE_LIQUIDITY);
                            assertThat(closed.filled()).isEqualTo(Quantity.parse("0.1"));
                        });
        assertThat(engine.openOrder(new OrderId(2))).isEmpty();
    }

    @Test
    void shouldRefuseWhenItComesTooLate() {
        decide(
                commands.admitted(
                        commands.order(
                                2,
                                BOB,
                                Side.BUY,
                                OrderType.LIMIT,
                                TimeInForce.IOC,
                                "50000",
                                "0.3",
                                false,
                                SelfTrade.CANCEL_TAKER,
                                NOW - 1),
                        "50000"));

        assertThat(published.drainWords())
                .containsExactly("2 REJECTED TOO_LATE: 0 of 0.3 for 0 -> 0:1");
        assertThat(engine.takeChanges().orders())
                .singleElement()
                .satisfies(order -> assertThat(order.first()).isNotNull());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    # status,      tif,       price,   size,    reduce-only, refusal
                    ANNOUNCED,     GTC,       50000,   0.1,     false,       MARKET_HALTED
                    HALTED,        GTC,       50000,   0.1,     false,       MARKET_HALTED
                    SETTLING,      GTC,       50000,   0.1,     false,       MARKET_ENDED
                    DELISTED,      POST_ONLY, 50000,   0.1,     true,        MARKET_ENDED
                    CANCEL_ONLY,   GTC,       50000,   0.1,     false,       MARKET_CANCEL_ONLY
                    POST_ONLY,     GTC,       50000,   0.1,     false,       MARKET_POST_ONLY
                    POST_ONLY,     POST_ONLY, 50000,   0.1,     false,       -
                    REDUCE_ONLY,   GTC,       50000,   0.1,     false,       MARKET_REDUCE_ONLY
                    REDUCE_ONLY,   GTC,       50000,   0.1,     true,        REDUCE_ONLY_WOULD_INCREASE
                    ACTIVE,        GTC,       50000.1, 0.0015,  false,       PRICE_OFF_TICK
                    ACTIVE,        GTC,       50000,   0.0015,  false,       SIZE_OFF_STEP
                    ACTIVE,        GTC,       50000,   0.001,   false,       SIZE_BELOW_MINIMUM
                    ACTIVE,        GTC,       50000,   50.001,  false,       SIZE_ABOVE_MAXIMUM
                    ACTIVE,        GTC,       50000,   0.1,     true,        REDUCE_ONLY_WOULD_INCREASE
                    ACTIVE,        FOK,       50000,   0.1,     false,       FOK_NOT_FILLABLE
                    ACTIVE,        POST_ONLY, 60000,   0.1,     false,       POST_ONLY_WOULD_CROSS
                    ACTIVE,        GTC,       50000,   0.1,     false,       -
                    """)
    void shouldReportTheFirstRuleWhenSeveralAreBroken(
            MarketStatus status,
            TimeInForce timeInForce,
            String price,
            String size,
            boolean reduceOnly,
            Refusal refusal) {
        decide(commands.limit(1, ALICE, Side.SELL, "55000", "0.1"));
        engine.apply(Commands.market(status, 2, "100"), NOW, published);
        published.drain();

        PlaceOrder order =
                commands.order(
                        2,
                        BOB,
                        Side.BUY,
                        OrderType.LIMIT,
                        timeInForce,
                        price,
                        size,
                        reduceOnly,
                        SelfTrade.CANCEL_TAKER,
                        0);
        decide(commands.admitted(order, price));

        String outcome = published.drainWords().getLast();
        assertThat(outcome)
                .startsWith(refusal == null ? "2 opened" : "2 REJECTED " + refusal + ":");
    }

    @Test
    void shouldForceReductionWhenMarketTakesOnlyReducingOrders() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "1"));
        decide(commands.limit(2, BOB, Side.BUY, "50000", "1"));
        engine.apply(Commands.market(MarketStatus.REDUCE_ONLY, 2, "100"), NOW, published);
        published.drain();

        decide(commands.limit(3, BOB, Side.SELL, "50000", "1.2"));
        decide(commands.limit(4, BOB, Side.SELL, "50000", "0.7"));
        decide(commands.limit(5, BOB, Side.SELL, "50000", "0.4"));

        assertThat(published.drainWords())
                .containsExactly(
                        "3 REJECTED MARKET_REDUCE_ONLY: 0 of 1.2 for 0 -> 0:3",
                        "4 opened v1: 0 of 0.7 filled @50000 -> 0:4",
                        "5 opened v1: 0 of 0.3 filled @50000 -> 0:5");
    }

    @Test
    void shouldTrimNewestReduceOnlyOrdersWhenPositionShrinks() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "1"));
        decide(commands.limit(2, BOB, Side.BUY, "50000", "1"));
        decide(commands.reduceOnly(3, BOB, Side.SELL, "51000", "0.6"));
        decide(commands.reduceOnly(4, BOB, Side.SELL, "50900", "0.4"));
        decide(commands.limit(5, ALICE, Side.BUY, "49000", "0.5"));
        published.drain();

        decide(commands.limit(6, BOB, Side.SELL, "49000", "0.5"));

        assertThat(published.drainWords())
                .containsExactly(
                        "5 MAKER 0.5 @49000, fee -0.49, realised 500, holds -0.5 for -25000",
                        "6 TAKER 0.5 @49000, fee 11.025, realised -500, holds 0.5 for 25000",
                        "5 FILLED: 0.5 of 0.5 for 24500",
                        "4 CANCELLED REDUCE_ONLY: 0 of 0.4 for 0",
                        "3 amended v2: 0.5 of 0.5 left @51000",
                        "3 opened v2: 0 of 0.5 filled @51000",
                        "6 FILLED: 0.5 of 0.5 for 24500 -> 0:6");
    }

    @Test
    void shouldSayWhyAnOrderEndedShortWhenItWasClampedAndThenFilled() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.3"));
        decide(commands.limit(2, BOB, Side.BUY, "50000", "0.3"));
        decide(commands.limit(3, CAROL, Side.BUY, "50000", "1"));
        published.drain();

        decide(commands.reduceOnly(4, BOB, Side.SELL, "50000", "0.5"));

        assertThat(published.drainWords())
                .last()
                .isEqualTo("4 CANCELLED REDUCE_ONLY: 0.3 of 0.5 for 15000 -> 0:4");
    }

    @Test
    void shouldRefuseOnlyWhatIncreasesWhenOpenInterestIsAtItsCap() {
        engine.apply(Commands.market(MarketStatus.ACTIVE, 2, "1"), NOW, published);
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "1"));
        decide(commands.limit(2, BOB, Side.BUY, "50000", "1"));
        published.drain();

        decide(commands.limit(3, CAROL, Side.BUY, "50000", "0.1"));
        decide(commands.limit(4, BOB, Side.SELL, "50000", "1.1"));
        decide(commands.limit(5, BOB, Side.SELL, "50000", "1"));
        decide(commands.limit(6, ALICE, Side.BUY, "50000", "1"));

        assertThat(published.drainWords())
                .startsWith(
                        "3 REJECTED OPEN_INTEREST_EXCEEDED: 0 of 0.1 for 0 -> 0:3",
                        "4 REJECTED OPEN_INTEREST_EXCEEDED: 0 of 1.1 for 0 -> 0:4",
                        "5 opened v1: 0 of 1 filled @50000 -> 0:5")
                .endsWith("6 FILLED: 1 of 1 for 50000 -> 0:6");
        assertThat(engine.openInterest()).isEqualTo(Quantity.ZERO);
    }

    @Test
    @Tag("MTCH-7")
    void shouldTradeUnderTheSameIdWhenAmendedAcrossTheBook() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.1"));
        decide(commands.limit(2, BOB, Side.BUY, "49000", "0.3"));
        published.drain();

        decide(commands.amend(2, BOB, "50000", null));

        assertThat(published.drainWords())
                .containsExactly(
                        "2 amended v2: 0.3 of 0.3 left @50000",
                        "1 MAKER 0.1 @50000, fee -0.1, realised 0, holds -0.1 for -5000",
                        "2 TAKER 0.1 @50000, fee 2.25, realised 0, holds 0.1 for 5000",
                        "1 FILLED: 0.1 of 0.1 for 5000",
                        "2 opened v2: 0.1 of 0.3 filled @50000 -> 0:3");
    }

    @Test
    @Tag("MTCH-10")
    void shouldKeepItsPlaceWhenAmendedDownInSize() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.5"));
        decide(commands.limit(2, BOB, Side.SELL, "50000", "0.5"));
        decide(commands.amend(1, ALICE, null, "0.2"));
        published.drain();

        decide(commands.limit(3, CAROL, Side.BUY, "50000", "0.2"));

        assertThat(published.drainWords()).contains("1 FILLED: 0.2 of 0.2 for 10000");
    }

    @Test
    void shouldRefuseAmendmentWhenItBreaksARule() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.5"));
        decide(commands.limit(2, BOB, Side.BUY, "50000", "0.2"));
        decide(commands.limit(3, BOB, Side.BUY, "49000", "0.2", TimeInForce.POST_ONLY));
        published.drain();

        decide(commands.amend(1, ALICE, "50000.3", null));
        decide(commands.amend(1, ALICE, null, "0.2005"));
        decide(commands.amend(1, ALICE, null, "0.2"));
        decide(commands.amend(3, BOB, "50000", null));
        decide(commands.amend(1, BOB, null, "0.1"));
        decide(commands.amend(2, BOB, null, "0.1"));
        decide(commands.amend(999, ALICE, null, "0.1"));

        assertThat(published.drainWords())
                .containsExactly(
                        "refused PRICE_OFF_TICK -> 0:4",
                        "refused SIZE_OFF_STEP -> 0:5",
                        "refused SIZE_BELOW_FILLED -> 0:6",
                        "refused POST_ONLY_WOULD_CROSS -> 0:7",
                        "refused ORDER_UNKNOWN -> 0:8",
                        "refused ORDER_CLOSED -> 0:9",
                        "refused ORDER_CLOSED -> 0:10");
    }

    @Test
    @Tag("MTCH-11")
    void shouldRefuseCancelWhenOrderIsUnknownClosedOrAnothers() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.5"));
        published.drain();

        decide(commands.cancel(77, ALICE));
        decide(commands.cancel(1, BOB));
        decide(commands.cancel(1, ALICE));
        decide(commands.cancel(1, ALICE));

        assertThat(published.drainWords())
                .containsExactly(
                        "refused ORDER_UNKNOWN -> 0:2",
                        "refused ORDER_UNKNOWN -> 0:3",
                        "1 CANCELLED CANCELLED_BY_USER: 0 of 0.5 for 0 -> 0:4",
                        "refused ORDER_CLOSED -> 0:5");
    }

    @Test
    void shouldCancelOnlyTheSubaccountsOrdersWhenAllAreCancelled() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "0.5"));
        decide(commands.limit(2, ALICE, Side.BUY, "40000", "0.5"));
        decide(commands.limit(3, ALICE + 1, Side.BUY, "40000", "0.5"));
        published.drain();

        decide(commands.cancelAll(ALICE));

        assertThat(published.drainWords())
                .containsExactly(
                        "1 CANCELLED CANCELLED_BY_USER: 0 of 0.5 for 0",
                        "2 CANCELLED CANCELLED_BY_USER: 0 of 0.5 for 0",
                        "2 cancelled -> 0:4");
        assertThat(engine.openOrder(new OrderId(3))).isPresent();
    }

    @Test
    void shouldPassOnWhatRiskRefused() {
        PlaceOrder placement = commands.limit(1, ALICE, Side.SELL, "50000", "0.5").command();

        decide(new PlacementRefused(placement, Refusal.MARGIN_INSUFFICIENT));
        decide(new PlacementRepeated(placement, new OrderId(7)));
        decide(new RequestRefused(placement, null, Refusal.CLIENT_ORDER_ID_REUSED));

        assertThat(published.drainWords())
                .containsExactly(
                        "1 REJECTED MARGIN_INSUFFICIENT: 0 of 0.5 for 0 -> 0:1",
                        "repeated 7 -> 0:1",
                        "refused CLIENT_ORDER_ID_REUSED -> 0:1");
        assertThat(engine.takeChanges().orders()).hasSize(1);
        assertThat(engine.hasChanges()).isFalse();
    }

    @Test
    void shouldCloseWhatRestsSomeAtATimeWhenTheMarketEnds() {
        decide(commands.limit(1, ALICE, Side.SELL, "50000", "1"));
        decide(commands.limit(2, BOB, Side.BUY, "49000", "1"));
        decide(commands.limit(3, BOB, Side.BUY, "50000", "0.4"));
        engine.apply(Commands.market(MarketStatus.HALTED, 2, "100"), NOW, published);
        engine.closeResting(2, NOW, published);
        engine.apply(Commands.market(MarketStatus.SETTLING, 3, "100"), NOW, published);
        decide(commands.limit(4, ALICE, Side.SELL, "51000", "1"));
        published.drain();

        engine.closeResting(1, NOW, published);
        long sequence = engine.bookSequence();
        decide(commands.amend(2, BOB, "48000", null));
        decide(commands.cancel(2, BOB));
        engine.closeResting(1, NOW, published);

        assertThat(published.drainWords())
                .containsExactly(
                        "1 CANCELLED MARKET_CLOSED: 0.4 of 1 for 20000",
                        "refused MARKET_ENDED -> 0:5",
                        "2 CANCELLED CANCELLED_BY_USER: 0 of 1 for 0 -> 0:6");
        assertThat(engine.bookSequence()).isEqualTo(sequence + 1);
        assertThat(engine.depth(5, NOW).bids()).isEmpty();
        assertThat(engine.openInterest()).isEqualTo(Quantity.parse("0.4"));
    }

    @Test
    void shouldApplyOnlyNewerVersionsWhenTheMarketChanges() {
        engine.apply(Commands.market(MarketStatus.HALTED, 3, "100"), NOW, published);
        engine.apply(Commands.market(MarketStatus.ACTIVE, 3, "100"), NOW, published);
        engine.apply(Commands.market(MarketStatus.ACTIVE, 2, "100"), NOW, published);

        assertThat(published.drainWords()).containsExactly("market v3");
        assertThat(engine.definition().orElseThrow().status()).isEqualTo(MarketStatus.HALTED);
    }

    @Test
    @Tag("FUND-3")
    void shouldAverageOverAsksWhenImpactNotionalNeedsSeveral() {
        decide(commands.limit(1, ALICE, Side.SELL, "10001", "0.1"));
        decide(commands.limit(2, ALICE, Side.SELL, "10001.5", "0.1"));
        decide(commands.limit(3, ALICE, Side.SELL, "10002", "1"));

        assertThat(engine.top(NOW).impactAsk()).isEqualTo(Price.parse("10001.69988891"));
        assertThat(engine.top(NOW).impactBid()).isNull();
    }

    @Test
    void shouldHaveNoImpactPriceWhenTheNotionalIsMoreThanCanBeCounted() {
        engine.apply(
                Commands.market(MarketStatus.ACTIVE, 2, "100", "0.001", "1000000000"),
                NOW,
                published);
        decide(commands.limit(1, ALICE, Side.BUY, "0.001", "50"));

        assertThat(engine.top(NOW).bestBid()).isEqualTo(Price.parse("0.001"));
        assertThat(engine.top(NOW).impactBid()).isNull();
    }

    @Test
    @Tag("FUND-2")
    void shouldAverageOverLevelsWhenImpactNotionalNeedsSeveral() {
        decide(commands.limit(1, ALICE, Side.BUY, "9999", "0.1"));
        decide(commands.limit(2, ALICE, Side.BUY, "9998", "1"));
        decide(commands.limit(3, ALICE, Side.SELL, "10001", "0.4"));

        var top = engine.top(NOW);

        assertThat(top.impactBid()).isEqualTo(Price.parse("9998.19992409"));
        assertThat(top.impactAsk()).isNull();
        assertThat(top.bestBid()).isEqualTo(Price.parse("9999"));
        assertThat(top.bestAskSize()).isEqualTo(Quantity.parse("0.4"));
        assertThat(engine.depth(1, NOW).bids()).hasSize(1);
        assertThat(engine.depth(9, NOW).bids()).hasSize(2);
    }

    @Test
    void shouldTellWhenTheLastTradeWas() {
        decide(commands.limit(1, ALICE, Side.BUY, "9999", "0.1"));
        assertThat(engine.top(NOW).lastAtMillis()).isNull();

        decide(commands.limit(2, BOB, Side.SELL, "9999", "0.1"));

        assertThat(engine.top(NOW + 60_000).last()).isEqualTo(Price.parse("9999"));
        assertThat(engine.top(NOW + 60_000).lastAtMillis()).isEqualTo(NOW);
    }

    @Test
    void shouldRefuseToStartWhenRowsDoNotBalance() {
        Position lone =
                new Position(
                        new UserId(1),
                        new SubaccountId(1),
                        Quantity.parse("1"),
                        Usd.parse("50000"));

        assertThatThrownBy(
                        () ->
                                MarketEngine.restore(
                                        MarketState.empty(Commands.MARKET),
                                        List.of(lone),
                                        List.of(),
                                        new TradeIds(1),
                                        PastOrders.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("positions don't balance");
    }

    private void decide(Admission admission) {
        engine.decide(admission, NOW, published);
    }
}
