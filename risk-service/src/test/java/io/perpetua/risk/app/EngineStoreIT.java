package io.perpetua.risk.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.eventlog.Writes;
import io.perpetua.risk.RiskDatabase;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.domain.engine.RiskSimulation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** State in PostgreSQL is state in memory, after every batch of a random history. */
class EngineStoreIT {
    private static final int BATCHES = 120;
    private static final int STEPS_A_BATCH = 15;
    private static final int SHARD = 0;

    private final EngineStore store = new EngineStore();

    @Test
    void shouldLoadTheStateThatIsInMemoryAfterEveryBatch() throws SQLException {
        RiskSimulation simulation = new RiskSimulation(7);
        try (Connection connection = RiskDatabase.create().as("risk_shard").getConnection()) {
            connection.setAutoCommit(false);
            for (int batch = 0; batch < BATCHES; batch++) {
                for (int step = 0; step < STEPS_A_BATCH; step++) {
                    simulation.step();
                }
                simulation.endBatch();
                Writes writes = new Writes();
                store.store(Map.of(SHARD, simulation.engine()), writes);
                writes.execute(connection);
                connection.commit();

                RiskEngine loaded = new RiskEngine(simulation.prices());
                store.load(Map.of(SHARD, loaded), connection);

                assertThat(loaded.stateHash())
                        .as("after batch %d", batch)
                        .isEqualTo(simulation.engine().stateHash());
                simulation.replace(loaded);
            }
        }
        simulation.checkAtRest();
    }
}
