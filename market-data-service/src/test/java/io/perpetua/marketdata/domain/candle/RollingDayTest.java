package io.perpetua.marketdata.domain.candle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollingDayTest {
    @Test
    void shouldFoldItsMinutesWhenThereWereTrades() {
        RollingDay day =
                RollingDay.of(
                        List.of(
                                candle(0, "10", "12", "9", "11"),
                                candle(60_000, "11", "15", "10", "14")),
                        Price.parse("7"));

        assertThat(day)
                .isEqualTo(
                        new RollingDay(
                                Price.parse("10"),
                                Price.parse("15"),
                                Price.parse("9"),
                                Price.parse("14"),
                                Quantity.parse("2"),
                                Usd.parse("20"),
                                4));
    }

    @Test
    void shouldRepeatTheLastPriceWhenThereWasNoTrade() {
        RollingDay day = RollingDay.of(List.of(), Price.parse("7"));

        assertThat(day.open()).isEqualTo(Price.parse("7"));
        assertThat(day.trades()).isZero();
    }

    @Test
    void shouldHaveNoPriceWhenNothingEverTraded() {
        assertThat(RollingDay.of(List.of(), null).close()).isNull();
    }

    private static Candle candle(long at, String open, String high, String low, String close) {
        return new Candle(
                at,
                at,
                at,
                Price.parse(open),
                Price.parse(high),
                Price.parse(low),
                Price.parse(close),
                Quantity.parse("1"),
                Usd.parse("10"),
                2);
    }
}
