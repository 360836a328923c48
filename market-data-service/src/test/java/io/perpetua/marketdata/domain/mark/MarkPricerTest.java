package io.perpetua.marketdata.domain.mark;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MarkPricerTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final Price ORACLE = Price.parse("100");
    private static final BookInput BOOK = book("100.2", "100.4", "100.3");

    private final MarkPricer pricer = new MarkPricer(MarkPricer.State.EMPTY);

    @Test
    void shouldBeTheOracleWhenThereIsNoBook() {
        assertThat(mark(BTC, ORACLE, null, 1_000)).isEqualTo(ORACLE);
    }

    @Test
    void shouldBeTheOracleWhenTheBookIsWiderThanTheBand() {
        mark(BTC, ORACLE, book("100", "111", null), 1_000);

        assertThat(mark(BTC, ORACLE, book("100", "111", null), 1_200)).isEqualTo(ORACLE);
    }

    @Test
    void shouldBeTheOracleWhenTheBookIsCrossed() {
        mark(BTC, ORACLE, book("100.5", "100.4", null), 1_000);

        assertThat(mark(BTC, ORACLE, book("100.5", "100.4", null), 1_200)).isEqualTo(ORACLE);
    }

    @Test
    @Tag("MARK")
    void shouldBeTheMedianOfOracleWithBasisBookAndItsAverageWhenTheBookIsFresh() {
        stand(BOOK, 6_000);

        // oracle + EMA(0.3) = 100.3, book 103, its average 100.3 and a hundredth of 2.7
        Price mark = mark(BTC, ORACLE, book("102.9", "103.1", "103"), at(6_001));

        assertThat(mark).isEqualTo(Price.parse("100.3"));
    }

    @Test
    @Tag("MARK")
    void shouldFollowTheBookAsItsAverageDoesWhenItMoves() {
        stand(BOOK, 6_000);
        BookInput moved = book("102.9", "103.1", "103");
        for (int i = 1; i <= 150; i++) {
            mark(BTC, ORACLE, moved, at(6_000 + i));
        }

        // 30 s: the basis is at 0.3 + 2.7 (1 - e^-0.2), the average at 100.3 + 2.7 (1 - e^-1)
        assertThat(pricer.mark(BTC, ORACLE, moved, null)).isEqualTo(Price.parse("102"));
    }

    @Test
    void shouldNotFollowTheLastTradeWhenItIsOutsideTheBook() {
        stand(BOOK, 6_000);
        BookInput lied = book("100.2", "100.4", "900");
        for (int i = 1; i <= 6_000; i++) {
            mark(BTC, ORACLE, lied, at(6_000 + i));
        }

        assertThat(pricer.mark(BTC, ORACLE, lied, null)).isEqualTo(Price.parse("100.4"));
    }

    @Test
    @Tag("MARK")
    void shouldStayAtTheOracleWhenABookAppearsAndGoToItAsTheAverageDoes() {
        stand(null, 10);
        BookInput far = book("104.9", "105.1", null);

        assertThat(mark(BTC, ORACLE, far, at(11))).isEqualTo(ORACLE);
        for (int i = 12; i <= 160; i++) {
            mark(BTC, ORACLE, far, at(i));
        }

        // after 30 s of it: the basis is at 5 (1 - e^-0.2) = 0.9, the average at 0.9 e^-1 + 5 (1 -
        // e^-1)
        assertThat(pricer.mark(BTC, ORACLE, far, null)).isEqualTo(Price.parse("103.5"));
    }

    @Test
    @Tag("MARK")
    void shouldKeepTheBasisAndLetItFadeWhenTheBookIsGone() {
        stand(BOOK, 10_000);

        assertThat(mark(BTC, ORACLE, null, at(10_001))).isEqualTo(Price.parse("100.3"));
        assertThat(mark(BTC, ORACLE, book("100.2", "190", null), at(10_002)))
                .isEqualTo(Price.parse("100.3"));
        for (int i = 10_003; i <= 10_001 + 550; i++) {
            mark(BTC, ORACLE, null, at(i));
        }

        // 110 s: e^-0.73 of it is left
        assertThat(pricer.mark(BTC, ORACLE, null, null)).isEqualTo(Price.parse("100.1"));
        assertThat(pricer.mark(BTC, Price.parse("200"), null, null))
                .isEqualTo(Price.parse("200.1"));
        for (int i = 10_552; i <= 10_001 + 3_000; i++) {
            mark(BTC, ORACLE, null, at(i));
        }
        assertThat(pricer.mark(BTC, ORACLE, null, null)).isEqualTo(ORACLE);
    }

    @Test
    @Tag("MARK")
    void shouldFadeAsMuchWhenNobodyLooked() {
        stand(BOOK, 10_000);

        assertThat(mark(BTC, ORACLE, null, at(10_000) + 110_000)).isEqualTo(Price.parse("100.1"));
    }

    @Test
    @Tag("MARK")
    void shouldGiveABookNoTimeInWhichNobodyLookedBeyondTheStalenessLimit() {
        stand(null, 10);
        BookInput far = book("104.9", "105.1", null);

        Price mark = mark(BTC, ORACLE, far, at(10) + 3_600_000);

        // 10 s, its limit: the basis is at 5 · 10/150 = 0.33, the average at 0.33 · 20/30 + 5 ·
        // 10/30
        assertThat(BTC.stalenessMillis()).isEqualTo(10_000);
        assertThat(mark).isEqualTo(Price.parse("101.9"));
    }

    @Test
    @Tag("MARK")
    void shouldTakeTheAverageOfTheBookBesidePerpetualsElsewhereWhenTheBookIsGone() {
        stand(BOOK, 10_000);
        Price gone = mark(BTC, ORACLE, null, at(10_001));

        assertThat(gone).isEqualTo(Price.parse("100.3"));
        // oracle + EMA150s = 100.3, EMA30s = 100.3: elsewhere alone says 150
        assertThat(pricer.mark(BTC, ORACLE, null, Price.parse("150"))).isEqualTo(gone);
        // the oracle has moved: 101.3; EMA30s = 100.3
        assertThat(pricer.mark(BTC, Price.parse("101"), null, Price.parse("100.7")))
                .isEqualTo(Price.parse("100.7"));
        assertThat(pricer.mark(BTC, Price.parse("101"), null, Price.parse("99")))
                .isEqualTo(Price.parse("100.3"));
    }

    @Test
    @Tag("MARK")
    void shouldNotDependOnPerpetualsElsewhereWhenTheBookWasNeverThere() {
        stand(null, 1_000);

        for (String elsewhere : List.of("1", "99", "101", "1000000")) {
            assertThat(pricer.mark(BTC, ORACLE, null, Price.parse(elsewhere))).isEqualTo(ORACLE);
        }
    }

    @Test
    void shouldIgnoreABookOfPricesThatNoAverageCarries() {
        stand(null, 10);

        assertThat(mark(BTC, ORACLE, book("46000000", "47000000", null), at(11))).isEqualTo(ORACLE);
    }

    @Test
    void shouldLieOnTheTickWhenTheInputsDoNot() {
        assertThat(mark(BTC, Price.parse("100.06"), null, 1_000)).isEqualTo(Price.parse("100.1"));
    }

    @Test
    @Tag("MARK")
    void shouldTakePerpetualsElsewhereAsTheThirdInputWhenThereAreSome() {
        for (int i = 0; i < 100; i++) {
            pricer.sample(BTC, ORACLE, BOOK, 1_000 + i * 200L);
        }

        // oracle + EMA(0.3) = 100.3, book 100.3; a liar alone is no more than one of three
        assertThat(pricer.mark(BTC, ORACLE, BOOK, Price.parse("150")))
                .isEqualTo(Price.parse("100.3"));
        // oracle + EMA(0.3) = 100.3, book 103, elsewhere 101.5
        assertThat(pricer.mark(BTC, ORACLE, book("102.9", "103.1", "103"), Price.parse("101.5")))
                .isEqualTo(Price.parse("101.5"));
    }

    @Test
    @Tag("MARK")
    void shouldBeTheOracleWhenThereArePerpetualsElsewhereButNoBook() {
        assertThat(pricer.mark(BTC, ORACLE, null, Price.parse("101"))).isEqualTo(ORACLE);
    }

    private Price mark(Market market, Price oracle, @Nullable BookInput input, long nowMillis) {
        pricer.sample(market, oracle, input, nowMillis);
        return pricer.mark(market, oracle, input, null);
    }

    /** Has {@code input} stand for so many looks, five a second. */
    private void stand(@Nullable BookInput input, int looks) {
        for (int i = 1; i <= looks; i++) {
            pricer.sample(BTC, ORACLE, input, at(i));
        }
    }

    private static long at(int look) {
        return 1_000_000 + look * 200L;
    }

    private static BookInput book(String bid, String ask, String last) {
        return new BookInput(
                Price.parse(bid), Price.parse(ask), last == null ? null : Price.parse(last));
    }
}
