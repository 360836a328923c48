package io.perpetua.marketdata.messaging;

import io.perpetua.eventlog.Eventlog;
import io.perpetua.marketdata.app.MarketDataConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while every shard and relay that this process owns is well. */
@Readiness
@ApplicationScoped
public class EventlogReadiness implements HealthCheck {
    private final MarketDataConfig config;
    private final Eventlog eventlog;

    EventlogReadiness(MarketDataConfig config, Eventlog eventlog) {
        this.config = config;
        this.eventlog = eventlog;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> problems = config.logEnabled() ? eventlog.problems() : List.of();
        return HealthCheckResponse.named("eventlog")
                .status(problems.isEmpty())
                .withData("problems", String.join("; ", problems))
                .build();
    }
}
