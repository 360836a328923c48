package io.perpetua.marketdata.messaging.source;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.perpetua.marketdata.app.MarketDataConfig;
import io.perpetua.marketdata.app.PriceSources;
import io.perpetua.marketdata.domain.oracle.NewestSample;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The connections to all sources that are asked. {@code perpetua_oracle_source_age_seconds} by
 * source and oracle id is how long ago the newest price was published, or, before the first, how
 * long it has been waited for.
 */
@ApplicationScoped
public class SourceLinks {
    private final Vertx vertx;
    private final MarketDataConfig config;
    private final PriceSources sources;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final List<SourceLink> links = new ArrayList<>();

    SourceLinks(
            Vertx vertx,
            MarketDataConfig config,
            PriceSources sources,
            MeterRegistry metrics,
            Clock clock) {
        this.vertx = vertx;
        this.config = config;
        this.sources = sources;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Connects to them. Whether one answers is nobody's concern here: it is tried again. */
    public void open() {
        for (PriceSources.Outside source : sources.outside()) {
            SourceFormat format = SourceFormat.of(source.config().kind(), source.config().role());
            SourceLink link =
                    new SourceLink(
                            vertx,
                            source,
                            new SourceListener(source, format, sources::tellNews, metrics),
                            format,
                            new Backoff(
                                    config.reconnectMillisMin(),
                                    config.reconnectMillisMax(),
                                    () -> ThreadLocalRandom.current().nextDouble()),
                            config.silenceMillisMax(),
                            metrics,
                            clock);
            links.add(link);
            link.open();
            showAges(source);
        }
    }

    private void showAges(PriceSources.Outside source) {
        long openedAtMillis = clock.millis();
        source.products()
                .forEach(
                        (oracle, product) ->
                                TimeGauge.builder(
                                                "perpetua.oracle.source.age",
                                                source.newest().get(product),
                                                TimeUnit.MILLISECONDS,
                                                newest -> ageMillis(newest, openedAtMillis))
                                        .tag("source", source.name())
                                        .tag("oracle", oracle)
                                        .register(metrics));
    }

    private double ageMillis(NewestSample newest, long openedAtMillis) {
        long nowMillis = clock.millis();
        OracleSample sample = newest.sample(nowMillis);
        long sinceMillis = sample == null ? openedAtMillis : sample.publishedAtMillis();
        return Math.max(0, nowMillis - sinceMillis);
    }

    void close(@Observes ShutdownEvent event) {
        links.forEach(SourceLink::close);
    }
}
