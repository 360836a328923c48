package io.perpetua.risk.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Has markets and users valued. Every instance looks whether that is due; the database lets one at
 * it at a time. It shares nothing with the shards but their committed rows, so no order waits.
 */
@ApplicationScoped
public class ValuationWatch {
    private static final Logger LOG = Logger.getLogger(ValuationWatch.class);
    private static final long LOOKS_PER_INTERVAL = 10;
    private static final long LONGEST_MILLIS = 1_000;

    private final RiskConfig config;
    private final ValueMarketsHandler markets;
    private final ValueUsersHandler users;
    private final ScheduledExecutorService timer =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().daemon().name("valuations-", 0).factory());

    ValuationWatch(RiskConfig config, ValueMarketsHandler markets, ValueUsersHandler users) {
        requireWithin("market-valuation-millis", config.marketValuationMillis(), 200, 600_000);
        requireWithin("user-valuation-millis", config.userValuationMillis(), 1_000, 3_600_000);
        requireWithin("users-per-valuation", config.usersPerValuation(), 1, 5_000);
        this.config = config;
        this.markets = markets;
        this.users = users;
    }

    private static void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "perpetua.risk.%s is %d to %d".formatted(name, least, most));
        }
    }

    void start(@Observes StartupEvent event) {
        if (config.logEnabled()) {
            watch(config.marketValuationMillis(), "markets", markets::handle);
            watch(config.userValuationMillis(), "users", users::handle);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    private void watch(int intervalMillis, String what, BooleanSupplier value) {
        long every = Math.min(intervalMillis / LOOKS_PER_INTERVAL, LONGEST_MILLIS);
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> untilDone(what, value), every, every, TimeUnit.MILLISECONDS);
    }

    /** What failed has changed nothing and has its next turn. */
    private void untilDone(String what, BooleanSupplier value) {
        try {
            boolean hasMore = true;
            while (hasMore && !Thread.currentThread().isInterrupted()) {
                hasMore = value.getAsBoolean();
            }
        } catch (RuntimeException failed) {
            LOG.warnf("%s can't be valued now: %s", what, failed);
        }
    }
}
