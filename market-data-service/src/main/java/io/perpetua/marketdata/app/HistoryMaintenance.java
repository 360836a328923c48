package io.perpetua.marketdata.app;

import io.perpetua.marketdata.domain.candle.Retention;
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
 * Has the partitions of history looked after every quarter of an hour. Every instance looks; the
 * database lets one at it at a time.
 */
@ApplicationScoped
public class HistoryMaintenance {
    private static final Logger LOG = Logger.getLogger(HistoryMaintenance.class);
    private static final int EVERY_MINUTES = 15;

    private final MaintainHistoryHandler handler;
    private final MarketDataConfig config;
    private final Clock clock;
    private final Retention kept;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("history-maintenance").factory());

    HistoryMaintenance(MaintainHistoryHandler handler, MarketDataConfig config, Clock clock) {
        this.handler = handler;
        this.config = config;
        this.clock = clock;
        this.kept = new Retention(config.tickDays(), config.minuteDays());
    }

    void start(@Observes StartupEvent started) {
        if (config.logEnabled()) {
            var _ =
                    thread.scheduleWithFixedDelay(
                            this::maintain, 0, EVERY_MINUTES, TimeUnit.MINUTES);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        thread.shutdownNow();
    }

    /** What failed changed nothing and has its next turn; shards make what they miss themselves. */
    private void maintain() {
        try {
            handler.handle(clock.millis(), kept)
                    .filter(done -> done.made() > 0 || done.dropped() > 0)
                    .ifPresent(
                            done ->
                                    LOG.infof(
                                            "history: %d partitions made, %d dropped",
                                            done.made(), done.dropped()));
        } catch (RuntimeException failed) {
            LOG.warnf("the partitions of history were not looked after: %s", failed);
        }
    }
}
