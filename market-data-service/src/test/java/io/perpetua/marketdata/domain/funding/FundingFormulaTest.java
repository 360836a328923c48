package io.perpetua.marketdata.domain.funding;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FundingFormulaTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long HOUR = 3_600_000;

    @Test
    @Tag("FUND-1")
    void shouldChargeLessTheClampWhenThePremiumIsWide() {
        Premium premium = Premium.of(Price.parse("10000"), Price.parse("10100"), null);

        assertThat(decimal(premium.trillionths())).isEqualByComparingTo("0.01");
        assertThat(decimal(FundingFormula.eightHourTrillionths(premium)))
                .isEqualByComparingTo("0.0095");
        assertThat(FundingFormula.ofInterval(BTC, HOUR, premium)).hasToString("0.0011875");
    }

    /** The impact prices are those that the book of each case gives; parts per million. */
    @ParameterizedTest
    @Tag("FUND-2")
    @Tag("FUND-3")
    @Tag("FUND-4")
    @CsvSource(
            textBlock =
                    """
                    # index, impact bid,     impact ask,     ppm
                    9000,    9998.19992409,  ,               110911
                    10003,   ,               10001.69988891, -129
                    10001.9, ,               10001,          -89
                    9997.5,  9999.9,         ,               240
                    10000,   9999.9,         10001,          0
                    """)
    void shouldBeThePremiumOfTheBook(
            String index, @Nullable String bid, @Nullable String ask, long ppm) {
        Premium premium = Premium.of(Price.parse(index), price(bid), price(ask));

        assertThat(premium.trillionths() / 1_000_000).isEqualTo(ppm);
    }

    @ParameterizedTest
    @Tag("FUND-5")
    @CsvSource(
            textBlock =
                    """
                    77605,  77558,   77559,  -0.0005927453
                    2124.6, 2123.65, 2124.0, -0.0002824061
                    """)
    void shouldBeTheLiveSample(String index, String bid, String ask, String premium) {
        Premium sample = Premium.of(Price.parse(index), Price.parse(bid), Price.parse(ask));

        assertThat(decimal(sample.trillionths()).setScale(10, RoundingMode.HALF_EVEN))
                .isEqualByComparingTo(premium);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # premium,  rate of an hour
                    0,          0.0000125
                    0.0001,     0.0000125
                    0.0005,     0.0000125
                    0.0006,     0.0000125
                    0.0007,     0.000025
                    -0.0004,    0.0000125
                    -0.0005,    0
                    -0.5,       -0.04
                    0.5,        0.04
                    """)
    void shouldStayAtTheInterestWithinTheClampAndBelowTheCap(String premium, String rate) {
        long trillionths = new BigDecimal(premium).movePointRight(12).longValueExact();

        assertThat(FundingFormula.ofInterval(BTC, HOUR, new Premium(trillionths)))
                .hasToString(rate);
    }

    private static @Nullable Price price(@Nullable String text) {
        return text == null ? null : Price.parse(text);
    }

    private static BigDecimal decimal(long trillionths) {
        return BigDecimal.valueOf(trillionths, 12);
    }
}
