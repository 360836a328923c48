package io.perpetua.marketdata.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Has {@link TradeStreams} look once a second. */
@ApplicationScoped
public class StreamWatch {
    private static final Logger LOG = Logger.getLogger(StreamWatch.class);
    private static final long EVERY_MILLIS = 1_000;

    private final MarketDataConfig config;
    private final TradeStreams streams;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("stream-watch").factory());

    StreamWatch(MarketDataConfig config, TradeStreams streams) {
        this.config = config;
        this.streams = streams;
    }

    void start(@Observes StartupEvent event) {
        if (config.logEnabled()) {
            var _ =
                    timer.scheduleWithFixedDelay(
                            this::lookSafely, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    /** The next turn tries again: what is streamed late is complete. */
    private void lookSafely() {
        try {
            streams.look();
        } catch (RuntimeException failed) {
            LOG.warnf("candles and tickers can't be streamed now: %s", failed);
        }
    }
}
