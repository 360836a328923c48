package io.perpetua.risk.domain.valuation;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.rate;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.risk.MarketValuation;
import org.junit.jupiter.api.Test;

class MarketPositionsTest {
    private static final MarketPositions HELD =
            new MarketPositions(BTC, size("3"), size("2"), usd("95"), 3, 2, 20);

    @Test
    void shouldValueBothSidesAtTheMark() {
        assertThat(HELD.at(price("100.5"), 7))
                .isEqualTo(
                        new MarketValuation(
                                BTC,
                                size("3"),
                                size("2"),
                                usd("301.5"),
                                usd("201"),
                                2,
                                rate("6.666666667"),
                                usd("5.5"),
                                price("100.5"),
                                7));
    }

    @Test
    void shouldTellSizesAloneWhenThereIsNoMark() {
        assertThat(HELD.at(null, 7))
                .isEqualTo(
                        new MarketValuation(
                                BTC,
                                size("3"),
                                size("2"),
                                null,
                                null,
                                2,
                                rate("6.666666667"),
                                null,
                                null,
                                7));
    }

    @Test
    void shouldHaveNoLeverageWhenNothingIsHeld() {
        MarketPositions none = new MarketPositions(BTC, size("0"), size("0"), usd("0"), 0, 0, 0);

        assertThat(none.at(price("100"), 7).averageLeverage()).isNull();
        assertThat(none.at(price("100"), 7).unrealisedPnl()).isEqualTo(usd("0"));
    }
}
