package io.perpetua.risk.domain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shard's engine through thousands of random commands and late events, seed by seed. */
class RiskShardSimulationTest {
    private static final int STEPS = 1_500;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldKeepEveryAccountRightAfterEveryStep(long seed) {
        RiskSimulation simulation = new RiskSimulation(seed);
        for (int i = 0; i < STEPS; i++) {
            simulation.step();
            simulation.check();
        }

        simulation.checkAtRest();

        assertThat(simulation.engine().totals().values())
                .as("nothing traded")
                .anyMatch(total -> total.fills() > 0);
    }

    @Test
    void shouldComeToTheSameStateFromTheSameInput() {
        RiskSimulation first = new RiskSimulation(99);
        RiskSimulation second = new RiskSimulation(99);
        for (int i = 0; i < STEPS; i++) {
            first.step();
            second.step();

            assertThat(first.engine().stateHash()).isEqualTo(second.engine().stateHash());
        }
    }
}
