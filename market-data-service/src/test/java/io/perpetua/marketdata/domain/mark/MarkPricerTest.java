package io.perpetua.marketdata.domain.mark;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
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
    void shouldBeTheMedianOfOracleWithBasisBookAndItsAverageWhenTheBookIsFresh() {
        mark(BTC, ORACLE, BOOK, 1_000);
        mark(BTC, ORACLE, BOOK, 1_200);

        // oracle + EMA(0.3) = 100.3, book 103.0 and its average between 100.3 and 103
        Price mark = mark(BTC, ORACLE, book("102.9", "103.1", "103"), 1_400);

        assertThat(mark).isBetween(Price.parse("100.3"), Price.parse("103"));
    }

    @Test
    void shouldNotFollowTheLastTradeWhenItIsOutsideTheBook() {
        mark(BTC, ORACLE, BOOK, 1_000);
        mark(BTC, ORACLE, BOOK, 1_200);

        Price mark = mark(BTC, ORACLE, book("100.2", "100.4", "900"), 1_400);

        assertThat(mark).isBetween(Price.parse("100.3"), Price.parse("100.4"));
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

    private static BookInput book(String bid, String ask, String last) {
        return new BookInput(
                Price.parse(bid), Price.parse(ask), last == null ? null : Price.parse(last));
    }
}
