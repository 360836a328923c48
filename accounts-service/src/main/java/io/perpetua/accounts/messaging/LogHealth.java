package io.perpetua.accounts.messaging;

import io.perpetua.eventlog.Eventlog;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether settlements are taken and events are sent. */
@Readiness
@ApplicationScoped
public class LogHealth implements HealthCheck {
    private final Eventlog log;

    /** Of the log. */
    public LogHealth(Eventlog log) {
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
