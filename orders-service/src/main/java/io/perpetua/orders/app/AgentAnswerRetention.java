package io.perpetua.orders.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.eventlog.Gateway;
import io.perpetua.orders.persistence.AgentAnswers;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Forgets what agents' cancels and amendments were answered, once their nonces can't be repeated.
 * Any number of instances may forget at the same time.
 */
@ApplicationScoped
public class AgentAnswerRetention {
    private static final Logger LOG = Logger.getLogger(AgentAnswerRetention.class);
    private static final long EVERY_SECONDS = 60;
    private static final int BATCH = 5_000;

    /** A nonce may lie a day ahead and is repeatable for two days after that. */
    private static final Duration KEPT = Duration.ofDays(4);

    private final OrdersConfig config;
    private final AgroalDataSource database;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("agent-answer-retention").factory());

    AgentAnswerRetention(
            OrdersConfig config, @DataSource("shard") AgroalDataSource database, Clock clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (config.logEnabled()) {
            var _ =
                    timer.scheduleWithFixedDelay(
                            this::forgetSafely, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    /** The next turn tries again: what is kept too long harms nobody. */
    private void forgetSafely() {
        try {
            forget();
        } catch (SQLException | RuntimeException failed) {
            LOG.warnf("old answers to agents can't be forgotten now: %s", failed);
        }
    }

    /** Forgets all that are old enough, in transactions that are short. */
    void forget() throws SQLException {
        long below = Gateway.firstIdAt(clock.millis() - KEPT.toMillis());
        int batch = BATCH;
        while (batch == BATCH && !Thread.currentThread().isInterrupted()) {
            try (Connection connection = database.getConnection()) {
                batch = AgentAnswers.forget(connection, below, BATCH);
            }
        }
    }
}
