package io.perpetua.orders.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether markets are matched and outcomes are seen. */
@Readiness
@ApplicationScoped
public class LogHealth implements HealthCheck {
    private final OrdersLog log;

    LogHealth(OrdersLog log) {
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
