package io.perpetua.marketdata.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Puts versions of markets in force once they are due, and ends requests for approval that nobody
 * decided in time: within a second, whichever process is first.
 */
@ApplicationScoped
public class CatalogueWatch {
    private static final Logger LOG = Logger.getLogger(CatalogueWatch.class);
    private static final long EVERY_MILLIS = 1_000;

    private final MarketDataConfig config;
    private final PutInForceHandler inForce;
    private final ExpireMarketApprovalsHandler expire;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("catalogue-watch").factory());

    CatalogueWatch(
            MarketDataConfig config,
            PutInForceHandler inForce,
            ExpireMarketApprovalsHandler expire,
            Clock clock) {
        this.config = config;
        this.inForce = inForce;
        this.expire = expire;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (config.logEnabled()) {
            var _ =
                    timer.scheduleWithFixedDelay(
                            () -> {
                                putSafely();
                                expireSafely();
                            },
                            EVERY_MILLIS,
                            EVERY_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    /** The next turn tries again: a version late in force is late everywhere. */
    private void putSafely() {
        try {
            int put = inForce.handle(clock.millis());
            if (put > 0) {
                LOG.infof("%d versions of markets are in force now", put);
            }
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "versions of markets can't be put in force now");
        }
    }

    /** The next turn tries again: what has expired can't be approved, recorded so or not. */
    private void expireSafely() {
        try {
            expire.handle(clock.millis());
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "requests for approval can't be ended now");
        }
    }
}
