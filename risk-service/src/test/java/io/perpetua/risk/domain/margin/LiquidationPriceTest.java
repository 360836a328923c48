package io.perpetua.risk.domain.margin;

import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.tiers;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.Price;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiquidationPriceTest {
    private static final String DEDUCTING_135365 = "2707300 0.2 0.10";

    @Test
    @Tag("MRGN-1")
    void shouldLieAboveEntryWhenShort() {
        Price found =
                LiquidationPrice.cross(
                        size("-3"),
                        price("3000"),
                        usd("1000"),
                        usd("0"),
                        tiers("0 0.1 0.05"),
                        RoundingMode.UP);

        assertThat(cents(found)).isEqualTo("3174.60");
    }

    @Test
    @Tag("MRGN-2")
    void shouldLeaveTheMarginOfOthersWhenCross() {
        Price found =
                LiquidationPrice.cross(
                        size("-1.5"),
                        price("3000"),
                        usd("1000"),
                        usd("175"),
                        tiers("0 0.1 0.05"),
                        RoundingMode.UP);

        assertThat(cents(found)).isEqualTo("3380.95");
    }

    @Test
    @Tag("MRGN-3")
    void shouldCountTheDeductionOfItsTierWhenIsolated() {
        Price found =
                LiquidationPrice.isolated(
                        size("3683.979"),
                        price("1456.84"),
                        usd("1535443.01"),
                        tiers("0 0.1 0.05", DEDUCTING_135365),
                        RoundingMode.UP);

        assertThat(cents(found)).isEqualTo("1114.78");
    }

    @Test
    @Tag("MRGN-4")
    void shouldCountProfitAndMarginOfOthersWhenCross() {
        Price found =
                LiquidationPrice.cross(
                        size("3683.979"),
                        price("1456.84"),
                        usd("1535443.01").minus(usd("56354.57")),
                        usd("71200.811440"),
                        tiers("0 0.1 0.05", DEDUCTING_135365),
                        RoundingMode.UP);

        assertThat(cents(found)).isEqualTo("1153.26");
    }

    /** The venue cuts the maintenance margin to six decimals, hence {@code DOWN}. */
    @ParameterizedTest
    @CsvSource({
        "0.015,   2458.5, 36.864593, 0.01,  0.86915825",
        "0.33,    145.83, 24.045107, 0.025, 74.83696193",
        "-0.00069, 68595, 23.64871,  0.01,  101849.99354283",
        "0.5,     250,    25,        0.05,  210.52631579",
        "-0.5,    190,    9.5,       0.05,  199.04761904",
    })
    @Tag("MRGN-5")
    @Tag("MRGN-6")
    @Tag("MRGN-7")
    @Tag("MRGN-8")
    @Tag("MRGN-9")
    void shouldMatchTheVenueWhenIsolated(
            String size, String entry, String margin, String maintenance, String expected) {
        Price found =
                LiquidationPrice.isolated(
                        size(size),
                        price(entry),
                        usd(margin),
                        tiers("0 0.2 " + maintenance),
                        RoundingMode.DOWN);

        assertThat(found).isEqualTo(price(expected));
    }

    @Test
    void shouldUseTheTierAtTheLiquidationPrice() {
        MarginTiers tiers = tiers("0 0.1 0.05", "1000 0.2 0.10");

        Price found =
                LiquidationPrice.isolated(
                        size("1"), price("2000"), usd("1200"), tiers, RoundingMode.UP);

        // equity(x) = 1200 + x - 2000 = 0.05 x  ->  x = 800 / 0.95
        assertThat(cents(found)).isEqualTo("842.11");
    }

    @Test
    void shouldBeNoneWhenNothingCanBringItDown() {
        Price found =
                LiquidationPrice.isolated(
                        size("1"), price("100"), usd("1000"), tiers("0 0.1 0.05"), RoundingMode.UP);

        assertThat(found).isNull();
    }

    private static String cents(Price price) {
        assertThat(price).isNotNull();
        return new BigDecimal(price.toString()).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
