package io.perpetua.marketdata.messaging.source;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.perpetua.marketdata.app.PriceSources.Outside;
import io.perpetua.marketdata.domain.oracle.NewestSample;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;

/**
 * Takes a source's messages apart and keeps the newest price of each product. Counts {@code
 * perpetua_oracle_source_messages_total} by source and outcome, and times {@code
 * perpetua_oracle_source_lag_seconds}, from publication to receipt, in buckets of 10 ms to 10 s.
 */
final class SourceListener {
    private static final Logger LOG = Logger.getLogger(SourceListener.class);

    private static final Duration[] LAGS =
            LongStream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final Outside source;
    private final SourceFormat format;
    private final Runnable news;
    private final MeterRegistry metrics;
    private final Timer lag;

    /**
     * @param news is run after each message that had any
     */
    SourceListener(Outside source, SourceFormat format, Runnable news, MeterRegistry metrics) {
        this.source = source;
        this.format = format;
        this.news = news;
        this.metrics = metrics;
        lag =
                Timer.builder("perpetua.oracle.source.lag")
                        .tag("source", source.name())
                        .serviceLevelObjectives(LAGS)
                        .register(metrics);
    }

    /** Takes a message and tells whether it had a price that is the newest of its product. */
    boolean hear(String message, long receivedAtMillis) {
        Message heard = new Message(receivedAtMillis);
        try {
            format.read(SourceJson.read(message), receivedAtMillis, heard);
        } catch (IllegalArgumentException garbage) {
            heard.unreadable(String.valueOf(garbage.getMessage()));
        }
        if (heard.hasNews) {
            news.run();
        }
        return heard.hasNews;
    }

    private final class Message implements Readings {
        private final long receivedAtMillis;
        private boolean hasNews;

        Message(long receivedAtMillis) {
            this.receivedAtMillis = receivedAtMillis;
        }

        @Override
        public void read(Reading reading) {
            NewestSample newest = source.newest().get(reading.product());
            if (newest == null) {
                count("UNKNOWN_PRODUCT");
                return;
            }
            NewestSample.Outcome outcome =
                    newest.offer(
                            new OracleSample(
                                    reading.priceUnits(),
                                    reading.confidenceUnits(),
                                    source.name(),
                                    reading.publishedAtMillis(),
                                    reading.slot()),
                            receivedAtMillis);
            count(outcome.name());
            if (outcome == NewestSample.Outcome.TAKEN) {
                hasNews = true;
                lag.record(
                        Math.max(0, receivedAtMillis - reading.publishedAtMillis()),
                        TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void unreadable(String why) {
            LOG.debugf("source %s: %s", source.name(), why);
            count("UNREADABLE");
        }
    }

    private void count(String outcome) {
        metrics.counter(
                        "perpetua.oracle.source.messages",
                        "source",
                        source.name(),
                        "outcome",
                        outcome)
                .increment();
    }
}
