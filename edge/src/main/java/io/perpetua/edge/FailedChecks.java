package io.perpetua.edge;

import io.quarkus.arc.ClientProxy;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/**
 * Charges checks of tokens and signatures that fail to the client address's budget of {@link
 * RateClass#SIGN_IN}: once that is spent, no more are made for it.
 */
@Singleton
class FailedChecks {
    private final RequestBudget budget;
    private final CurrentVertxRequest current;

    FailedChecks(RequestBudget budget, CurrentVertxRequest current) {
        this.budget = budget;
        this.current = current;
    }

    /** What the address of the request under way has for them. */
    RequestBudget ofAddress() {
        RequestBudget own = ClientProxy.unwrap(budget);
        own.begin(
                RateClass.SIGN_IN,
                null,
                null,
                ClientAddress.network(ClientAddress.of(current.getCurrent().request())));
        return own;
    }

    /**
     * Charges one.
     *
     * @throws ProblemException 429 when the budget is spent
     */
    void charge(ResteasyReactiveContainerRequestContext request, RequestBudget failures) {
        request.setProperty(RateBudgetFilter.PROPERTY, failures);
        failures.charge(RateClass.SIGN_IN);
    }
}
