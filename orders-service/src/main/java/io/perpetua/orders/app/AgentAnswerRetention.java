package io.perpetua.orders.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.eventlog.Retention;
import io.perpetua.orders.persistence.AgentAnswers;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;

/** Forgets what agents' commands were answered, once their nonces can't be repeated. */
@ApplicationScoped
public class AgentAnswerRetention {
    /** A nonce may lie a day ahead and is repeatable for two days after that. */
    private static final Duration KEPT = Duration.ofDays(4);

    private final OrdersConfig config;
    private final Retention retention;

    AgentAnswerRetention(
            OrdersConfig config, @DataSource("shard") AgroalDataSource database, Clock clock) {
        this.config = config;
        this.retention =
                new Retention(
                        "answers to agents", KEPT, database, clock::millis, AgentAnswers::forget);
    }

    void start(@Observes StartupEvent event) {
        if (config.logEnabled()) {
            retention.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        retention.close();
    }
}
