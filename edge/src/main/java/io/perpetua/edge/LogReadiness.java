package io.perpetua.edge;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while nothing of the service's part in the log is unwell or not loaded yet. */
@Readiness
@ApplicationScoped
class LogReadiness implements HealthCheck {
    private final LogProblems log;

    LogReadiness(LogProblems log) {
        this.log = log;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> problems = log.problems();
        return HealthCheckResponse.named("event log")
                .status(problems.isEmpty())
                .withData("problems", String.join("; ", problems))
                .build();
    }
}
