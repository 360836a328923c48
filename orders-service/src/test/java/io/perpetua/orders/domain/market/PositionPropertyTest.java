package io.perpetua.orders.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionPropertyTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # held, cost,      traded, notional,  realised,   size, cost after
                    0,      0,         2,      20,        0,          2,    20
                    2,      20,        1,      13,        0,          3,    33
                    3,      33,        -3,     -30,       -3,         0,    0
                    3,      100,       -1,     -40,       6.666666,   2,    66.666666
                    -3,     -100,      1,      30,        3.333333,   -2,   -66.666667
                    -3,     -100,      3,      90,        10,         0,    0
                    2,      20,        -5,     -75,       10,         -3,   -45
                    -2,     -20,       5,      25,        10,         3,    15
                    """)
    void shouldReleaseCostInProportionWhenClosing(
            String held,
            String cost,
            String traded,
            String notional,
            String realised,
            String size,
            String costAfter) {
        Position position = position(held, cost);

        long profit = position.trade(Quantity.parse(traded).units(), Usd.parse(notional).micros());

        assertThat(new Usd(profit)).isEqualTo(Usd.parse(realised));
        assertThat(position.size()).isEqualTo(Quantity.parse(size));
        assertThat(position.cost()).isEqualTo(Usd.parse(costAfter));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNeverFavourTheCustomerNorLoseAMicroWhenTradedAtRandom(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 20_000; step++) {
            long size = random.nextLong(-1_000_000, 1_000_000);
            long cost = size == 0 ? 0 : Long.signum(size) * random.nextLong(1, 1_000_000_000);
            Position position = position(new Quantity(size).toString(), new Usd(cost).toString());
            long traded = random.nextLong(-1_000_000, 1_000_000);
            long notional = traded * random.nextLong(1, 1_000);

            long profit = position.trade(traded, notional);

            assertThat(position.cost().micros() - profit)
                    .as("Δcost - realised is what was paid, seed %d step %d", seed, step)
                    .isEqualTo(cost + notional);
            assertThat(profit).isLessThanOrEqualTo(exactProfit(size, cost, traded, notional));
            if (position.size().units() == 0) {
                assertThat(position.cost()).isEqualTo(Usd.ZERO);
            }
        }
    }

    @Test
    void shouldReleaseTheRemainderWhenTheLastPartCloses() {
        Position position = position("3", "100");

        long first = position.trade(Quantity.parse("-1").units(), Usd.parse("-50").micros());
        long second = position.trade(Quantity.parse("-1").units(), Usd.parse("-50").micros());
        long third = position.trade(Quantity.parse("-1").units(), Usd.parse("-50").micros());

        assertThat(first + second + third).isEqualTo(Usd.parse("50").micros());
        assertThat(position.cost()).isEqualTo(Usd.ZERO);
    }

    private static long exactProfit(long size, long cost, long traded, long notional) {
        if (size == 0 || traded == 0 || Long.signum(size) == Long.signum(traded)) {
            return 0;
        }
        long closed = Math.min(Math.abs(size), Math.abs(traded));
        BigDecimal released =
                BigDecimal.valueOf(cost)
                        .multiply(BigDecimal.valueOf(closed))
                        .divide(BigDecimal.valueOf(Math.abs(size)), 12, RoundingMode.FLOOR);
        long closedNotional = notional / Math.abs(traded) * closed;
        return BigDecimal.valueOf(-closedNotional)
                .subtract(released)
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    private static Position position(String size, String cost) {
        return new Position(
                new UserId(1), new SubaccountId(1), Quantity.parse(size), Usd.parse(cost));
    }
}
