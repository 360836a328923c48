package io.perpetua.marketdata.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.edge.LogProblems;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.marketdata.app.MarketDataConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Opens this service's door to the log at its first use and closes it with the process. */
final class MarketDataLog {
    private MarketDataLog() {}

    @Produces
    @ApplicationScoped
    static Eventlog open(
            MarketDataConfig config,
            @ConfigProperty(name = "perpetua.kafka.bootstrap-servers") String bootstrapServers,
            MeterRegistry metrics) {
        return Eventlog.open(
                EventlogSettings.of("market-data", config.instance(), bootstrapServers, metrics));
    }

    /** Without looking at the log when this process has no part in it: that would open it. */
    @Produces
    @Singleton
    static LogProblems problems(MarketDataConfig config, Eventlog log) {
        return () -> config.logEnabled() ? log.problems() : List.of();
    }

    static void close(@Disposes Eventlog log) {
        log.close();
    }
}
