package io.perpetua.orders.domain.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The published cases of matching: exchange-core's fixture and dYdX's self-trades. */
class MatchingCasesTest {
    private static final long ME = 7;
    private static final long TAKER = 100;

    private final BookJournal journal = new BookJournal();
    private final OrderBook book = new OrderBook(journal, journal);

    @BeforeEach
    void seed() {
        sell(2, 81599, 50);
        sell(3, 81599, 25);
        sell(1, 81600, 100);
        sell(10, 200954, 10);
        sell(8, 201000, 28);
        sell(9, 201000, 32);
        buy(4, 81593, 40);
        buy(5, 81590, 20);
        buy(6, 81590, 1);
        place(new Placement().buy(7, 81200, 20).of(ME, ME));
        buy(11, 10000, 12);
        buy(12, 10000, 1);
        buy(13, 9136, 2);
        journal.drain();
    }

    @Test
    @Tag("MTCH-1")
    void shouldTakeBestBidsFirstWhenSellingImmediately() {
        place(new Placement().sell(TAKER, 81200, 41).timeInForce(TimeInForce.IOC));

        assertThat(journal.drain())
                .containsExactly(
                        "100 filled 40 @81593 with 4, remain 1 and 0",
                        "100 filled 1 @81590 with 5, remain 0 and 19");
    }

    @Test
    @Tag("MTCH-2")
    void shouldTakeAsksByPriceThenTimeWhenBuyingAtAnyPrice() {
        place(
                new Placement()
                        .buy(TAKER, Placement.HIGHEST_PRICE, 175)
                        .timeInForce(TimeInForce.IOC));

        assertThat(journal.drain())
                .containsExactly(
                        "100 filled 50 @81599 with 2, remain 125 and 0",
                        "100 filled 25 @81599 with 3, remain 100 and 0",
                        "100 filled 100 @81600 with 1, remain 0 and 0");
    }

    @Test
    @Tag("MTCH-3")
    void shouldCancelRemainderOnceWhenBookIsExhausted() {
        place(
                new Placement()
                        .buy(TAKER, Placement.HIGHEST_PRICE, 270)
                        .timeInForce(TimeInForce.IOC));

        List<String> events = journal.drain();
        assertThat(events).hasSize(7).last().isEqualTo("100 cancelled 25: NO_MORE_LIQUIDITY");
        assertThat(book.isEmpty(false)).isTrue();
    }

    @Test
    @Tag("MTCH-4")
    void shouldRefuseFillOrKillWhenBudgetIsOneShort() {
        long before = book.stateHash();

        place(
                new Placement()
                        .buy(TAKER, Placement.HIGHEST_PRICE, 180)
                        .fillOrKillWithin(15_284_694));

        assertThat(journal.drain()).containsExactly("100 refused: FOK_NOT_FILLABLE");
        assertThat(book.stateHash()).isEqualTo(before);
    }

    @Test
    @Tag("MTCH-4")
    void shouldFillFillOrKillWhenBudgetIsJustEnough() {
        place(
                new Placement()
                        .buy(TAKER, Placement.HIGHEST_PRICE, 180)
                        .fillOrKillWithin(15_284_695));

        assertThat(journal.drain())
                .hasSize(4)
                .last()
                .isEqualTo("100 filled 5 @200954 with 10, remain 0 and 5");
    }

    @Test
    @Tag("MTCH-5")
    void shouldRestRemainderWhenPartlyFilled() {
        buy(TAKER, 81599, 77);

        assertThat(journal.drain())
                .containsExactly(
                        "100 filled 50 @81599 with 2, remain 27 and 0",
                        "100 filled 25 @81599 with 3, remain 2 and 0",
                        "100 rests 2 @81599");
    }

    @Test
    @Tag("MTCH-6")
    void shouldSweepAndRestWhenLimitIsAboveAllAsks() {
        buy(TAKER, 220000, 1000);

        assertThat(journal.drain()).hasSize(7).last().isEqualTo("100 rests 755 @220000");
    }

    @Test
    @Tag("MTCH-7")
    void shouldTradeUnderSameIdWhenAmendedAcrossTheBook() {
        book.amend(7, ME, 81602, 20, SelfTrade.CANCEL_TAKER);

        assertThat(journal.drain())
                .containsExactly(
                        "7 amended to 20 @81602", "7 filled 20 @81599 with 2, remain 0 and 30");
    }

    @Test
    @Tag("MTCH-8")
    void shouldCancelOwnAskAndGoOnWhenSelfTradeCancelsMaker() {
        long alice = 1;
        long bob = 2;
        BookJournal told = new BookJournal();
        OrderBook fresh = new OrderBook(told, told);
        fresh.place(new Placement().sell(21, 15, 10).of(bob, bob));
        fresh.place(new Placement().sell(22, 15, 10).of(alice, alice));
        told.drain();

        fresh.place(
                new Placement().buy(23, 15, 35).of(alice, alice).selfTrade(SelfTrade.CANCEL_MAKER));

        assertThat(told.drain())
                .containsExactly(
                        "23 filled 10 @15 with 21, remain 25 and 0",
                        "22 cancelled 10: SELF_TRADE",
                        "23 rests 25 @15");
    }

    @Test
    @Tag("MTCH-9")
    void shouldRefusePostOnlyWhenItWouldCross() {
        BookJournal told = new BookJournal();
        OrderBook fresh = new OrderBook(told, told);
        fresh.place(new Placement().buy(21, 40, 5));
        fresh.place(new Placement().buy(22, 35, 20));
        told.drain();
        long before = fresh.stateHash();

        fresh.place(new Placement().sell(23, 15, 10).timeInForce(TimeInForce.POST_ONLY));

        assertThat(told.drain()).containsExactly("23 refused: POST_ONLY_WOULD_CROSS");
        assertThat(fresh.stateHash()).isEqualTo(before);
    }

    @Test
    @Tag("MTCH-10")
    void shouldKeepPlaceWhenAmendedDownInSize() {
        book.amend(2, 0, 81599, 30, SelfTrade.CANCEL_TAKER);
        buy(TAKER, 81599, 31);

        assertThat(journal.drain())
                .containsExactly(
                        "2 amended to 30 @81599",
                        "100 filled 30 @81599 with 2, remain 1 and 0",
                        "100 filled 1 @81599 with 3, remain 0 and 24");
    }

    @Test
    @Tag("MTCH-10")
    void shouldLosePlaceWhenAmendedUpInSize() {
        book.amend(2, 0, 81599, 51, SelfTrade.CANCEL_TAKER);
        buy(TAKER, 81599, 26);

        assertThat(journal.drain())
                .containsExactly(
                        "2 amended to 51 @81599",
                        "2 rests 51 @81599",
                        "100 filled 25 @81599 with 3, remain 1 and 0",
                        "100 filled 1 @81599 with 2, remain 0 and 50");
    }

    @Test
    @Tag("MTCH-10")
    void shouldLosePlaceWhenAmendedInPriceAndBack() {
        book.reprice(2, 0, 81600, SelfTrade.CANCEL_TAKER);
        book.reprice(2, 0, 81599, SelfTrade.CANCEL_TAKER);
        journal.drain();

        buy(TAKER, 81599, 26);

        assertThat(journal.drain())
                .containsExactly(
                        "100 filled 25 @81599 with 3, remain 1 and 0",
                        "100 filled 1 @81599 with 2, remain 0 and 49");
    }

    @Test
    @Tag("MTCH-11")
    void shouldRefuseEachWithItsOwnCodeWhenIdsAreWrong() {
        long before = book.stateHash();

        buy(4, 81590, 1);
        book.cancel(999, 0);
        book.cancel(7, ME + 1);
        book.amend(4, 0, 81590, 0, SelfTrade.CANCEL_TAKER);
        book.reduceBy(4, 0, -1);

        assertThat(journal.drain())
                .containsExactly(
                        "4 refused: DUPLICATE_ORDER_ID",
                        "999 refused: ORDER_UNKNOWN",
                        "7 refused: ORDER_OF_ANOTHER",
                        "4 refused: SIZE_NOT_POSITIVE",
                        "4 refused: SIZE_NOT_POSITIVE");
        assertThat(book.stateHash()).isEqualTo(before);
    }

    @Test
    void shouldCancelTakerWhenSelfTradeSaysSo() {
        place(new Placement().sell(TAKER, 81200, 70).of(ME, ME));

        assertThat(journal.drain())
                .containsExactly(
                        "100 filled 40 @81593 with 4, remain 30 and 0",
                        "100 filled 20 @81590 with 5, remain 10 and 0",
                        "100 filled 1 @81590 with 6, remain 9 and 0",
                        "100 cancelled 9: SELF_TRADE");
    }

    @Test
    void shouldCancelBothWhenSelfTradeSaysSo() {
        place(new Placement().sell(TAKER, 81200, 70).of(ME, ME).selfTrade(SelfTrade.CANCEL_BOTH));

        assertThat(journal.drain())
                .endsWith("7 cancelled 20: SELF_TRADE", "100 cancelled 9: SELF_TRADE");
    }

    @Test
    void shouldTakeSharedSizeOffBothWhenSelfTradeDecrements() {
        place(new Placement().sell(TAKER, 81200, 70).of(ME, ME).selfTrade(SelfTrade.DECREMENT));

        assertThat(journal.drain())
                .endsWith("7 reduced by 9 to 11: SELF_TRADE", "100 cancelled 9: SELF_TRADE");
    }

    @Test
    void shouldClampTakerToPositionWhenReduceOnly() {
        journal.setSize(ME, 30);

        place(new Placement().sell(TAKER, 81593, 50).of(ME, 0).reduceOnly(true));

        assertThat(journal.drain())
                .containsExactly(
                        "100 reduced by 20 to 30: REDUCE_ONLY",
                        "100 filled 30 @81593 with 4, remain 0 and 10");
    }

    @Test
    void shouldRefuseReduceOnlyWhenNothingIsThereToReduce() {
        journal.setSize(ME, -30);

        place(new Placement().sell(TAKER, 81593, 50).of(ME, 0).reduceOnly(true));

        assertThat(journal.drain()).containsExactly("100 refused: REDUCE_ONLY_WOULD_INCREASE");
    }

    @Test
    void shouldTrimNewestReduceOnlyFirstWhenPositionShrinks() {
        journal.setSize(ME, 30);
        place(new Placement().sell(21, 90000, 20).of(ME, 0).reduceOnly(true));
        place(new Placement().sell(22, 89000, 15).of(ME, 0).reduceOnly(true));
        journal.drain();

        place(new Placement().sell(23, 81593, 25).of(ME, 0));

        assertThat(journal.drain())
                .containsExactly(
                        "23 filled 25 @81593 with 4, remain 0 and 15",
                        "22 cancelled 10: REDUCE_ONLY",
                        "21 reduced by 15 to 5: REDUCE_ONLY");
    }

    @Test
    void shouldRefuseFillOrKillWhenAnEarlierFillTrimsALaterMaker() {
        journal.setSize(ME, 10);
        place(new Placement().sell(21, 81594, 10).of(ME, 0));
        place(new Placement().sell(22, 81595, 10).of(ME, 0).reduceOnly(true));
        journal.drain();

        place(new Placement().buy(TAKER, 81598, 20).timeInForce(TimeInForce.FOK));
        place(new Placement().buy(TAKER, 81599, 85).timeInForce(TimeInForce.FOK));

        assertThat(journal.drain())
                .containsExactly(
                        "100 refused: FOK_NOT_FILLABLE",
                        "100 filled 10 @81594 with 21, remain 75 and 0",
                        "22 cancelled 10: REDUCE_ONLY",
                        "100 filled 50 @81599 with 2, remain 25 and 0",
                        "100 filled 25 @81599 with 3, remain 0 and 0");
    }

    @Test
    void shouldBeEqualWhenRestoredInOrderOfPriority() {
        OrderBook restored = new OrderBook(journal, journal);
        record Row(Placement order, long priority) {}
        List<Row> rows = new ArrayList<>();
        book.forEachOrder(
                (id, account, group, buy, price, remaining, reduceOnly, postOnly, priority) -> {
                    Placement order = new Placement();
                    if (buy) {
                        order.buy(id, price, remaining);
                    } else {
                        order.sell(id, price, remaining);
                    }
                    rows.add(new Row(order.of(account, group), priority));
                });

        rows.stream()
                .sorted(Comparator.comparingLong(Row::priority))
                .forEach(row -> restored.restore(row.order(), row.priority()));

        assertThat(restored.stateHash()).isEqualTo(book.stateHash());
    }

    private void buy(long id, long price, long size) {
        place(new Placement().buy(id, price, size));
    }

    private void sell(long id, long price, long size) {
        place(new Placement().sell(id, price, size));
    }

    private void place(Placement order) {
        journal.expect(order);
        book.place(order);
    }
}
