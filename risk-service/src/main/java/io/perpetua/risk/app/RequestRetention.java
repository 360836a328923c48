package io.perpetua.risk.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.eventlog.Gateway;
import io.perpetua.risk.persistence.RequestPurge;
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
 * Keeps the promise about client order ids, and no more than it: an id is known for so many days
 * after its placement, and for as long as its order is open. Any number of instances may forget at
 * the same time.
 */
@ApplicationScoped
public class RequestRetention {
    private static final Logger LOG = Logger.getLogger(RequestRetention.class);
    private static final long EVERY_SECONDS = 60;
    private static final int BATCH = 5_000;

    private final RiskConfig config;
    private final AgroalDataSource database;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("request-retention").factory());

    RequestRetention(
            RiskConfig config, @DataSource("shard") AgroalDataSource database, Clock clock) {
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
            int forgotten = forget();
            if (forgotten > 0) {
                LOG.debugf("%d client order ids are forgotten", forgotten);
            }
        } catch (SQLException | RuntimeException failed) {
            LOG.warnf("old client order ids can't be forgotten now: %s", failed);
        }
    }

    /** Forgets all that are old enough, in transactions that are short; tells how many. */
    int forget() throws SQLException {
        long keptFromMillis =
                clock.millis() - Duration.ofDays(config.clientOrderIdDays()).toMillis();
        long below = Gateway.firstIdAt(keptFromMillis);
        int forgotten = 0;
        int batch = BATCH;
        while (batch == BATCH && !Thread.currentThread().isInterrupted()) {
            try (Connection connection = database.getConnection()) {
                batch = RequestPurge.forget(connection, below, BATCH);
            }
            forgotten += batch;
        }
        return forgotten;
    }
}
