package io.perpetua.edge;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/**
 * Tells with every answer what is left of the budgets it was charged to, in the fields of
 * draft-ietf-httpapi-ratelimit-headers-11; with a refusal, when to try again.
 */
@Provider
public class RateBudgetHeaders implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(RateBudgetFilter.PROPERTY) instanceof RequestBudget budget)) {
            return;
        }
        RateBudgets.Charge charge = budget.settled();
        response.getHeaders().putSingle("RateLimit-Policy", charge.policy());
        response.getHeaders().putSingle("RateLimit", charge.limit());
        if (response.getStatus() == 429 && !charge.passed()) {
            response.getHeaders()
                    .putSingle(HttpHeaders.RETRY_AFTER, Long.toString(charge.retryAfterSeconds()));
        }
    }
}
