package io.perpetua.marketdata.messaging.source;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.marketdata.app.MarketDataConfig;
import io.perpetua.marketdata.app.PriceSources;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The connections to all sources that are asked. */
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
        }
    }

    void close(@Observes ShutdownEvent event) {
        links.forEach(SourceLink::close);
    }
}
