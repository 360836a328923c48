package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedWalkPropertyTest {
    private static final int STEPS = 50_000;

    @Test
    void shouldWalkTheSamePathWhenTheSeedIsTheSame() {
        for (Market market : DemoMarkets.all()) {
            assertThat(path(SimulatedMarkets.walk(7, market), STEPS))
                    .isEqualTo(path(SimulatedMarkets.walk(7, market), STEPS))
                    .isNotEqualTo(path(SimulatedMarkets.walk(8, market), STEPS));
        }
    }

    @Test
    void shouldGoOnTheSameWayWhenRestored() {
        Market market = DemoMarkets.all().getFirst();
        SimulatedWalk walk = SimulatedMarkets.walk(7, market);
        path(walk, 1_000);
        SimulatedWalk restored = SimulatedMarkets.walk(7, market, walk.price(), walk.step());

        assertThat(path(restored, 1_000)).isEqualTo(path(walk, 1_000));
    }

    @Test
    void shouldMoveAsFarAsItsDeviationSaysAndStayOnTheTick() {
        for (Market market : DemoMarkets.all()) {
            SimulatedWalk walk = SimulatedMarkets.walk(3, market);
            double squares = 0;
            long previous = walk.price().units();
            for (int i = 0; i < STEPS; i++) {
                long units = walk.next().units();
                assertThat(units % market.tick().units()).isZero();
                double move = Math.log((double) units / previous);
                squares += move * move;
                previous = units;
            }
            double deviation = Math.sqrt(squares / STEPS);
            assertThat(deviation).as(market.symbol()).isBetween(0.00004, 0.00009);
        }
    }

    @Test
    void shouldGoOnFromThereWhenMoved() {
        Market market = DemoMarkets.all().getFirst();
        SimulatedWalk walk = SimulatedMarkets.walk(7, market);

        walk.moveTo(Price.parse("30000"));

        assertThat(walk.next()).isBetween(Price.parse("29900"), Price.parse("30100"));
    }

    @Test
    void shouldStayOnATickOfAnySize() {
        for (String tick : List.of("92.23", "92.24", "1000", "90000")) {
            Price origin = Price.parse("46300");
            SimulatedWalk walk =
                    new SimulatedWalk(
                            7,
                            DemoMarkets.all().getFirst().id(),
                            Rate.parse("0.01"),
                            Price.parse(tick),
                            origin,
                            origin,
                            0);

            assertThat(path(walk, 1_000).stream().filter(price -> !price.equals(origin)))
                    .as("tick %s", tick)
                    .allMatch(price -> price.units() % Price.parse(tick).units() == 0);
        }
    }

    private static List<Price> path(SimulatedWalk walk, int steps) {
        List<Price> path = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            path.add(walk.next());
        }
        return path;
    }
}
