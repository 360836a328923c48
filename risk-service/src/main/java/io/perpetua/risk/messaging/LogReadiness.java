package io.perpetua.risk.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the log runs and no shard waits for a person. */
@Readiness
@ApplicationScoped
class LogReadiness implements HealthCheck {
    private final RiskLog log;

    LogReadiness(RiskLog log) {
        this.log = log;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> problems = log.problems();
        return HealthCheckResponse.named("log")
                .status(problems.isEmpty())
                .withData("problems", String.join("; ", problems))
                .build();
    }
}
