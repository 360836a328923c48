package io.perpetua.risk.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.eventlog.Retention;
import io.perpetua.risk.persistence.RequestPurge;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;

/**
 * Keeps the promise about client order ids, and no more than it: an id is known for so many days
 * after its placement, and for as long as its order is open.
 */
@ApplicationScoped
public class RequestRetention {
    private final RiskConfig config;
    private final Retention retention;

    RequestRetention(
            RiskConfig config, @DataSource("shard") AgroalDataSource database, Clock clock) {
        this.config = config;
        this.retention =
                new Retention(
                        "client order ids",
                        Duration.ofDays(config.clientOrderIdDays()),
                        database,
                        clock::millis,
                        RequestPurge::forget);
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
