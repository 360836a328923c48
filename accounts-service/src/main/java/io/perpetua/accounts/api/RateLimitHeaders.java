package io.perpetua.accounts.api;

import io.perpetua.accounts.app.SecretBudgets.Spent;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;

/** Tells in each answer what is left of the caller's budget, and keeps secrets out of caches. */
@Provider
@RateLimited
public class RateLimitHeaders implements ContainerResponseFilter {
    private final RateLimit limit;

    /** With what the request has taken. */
    public RateLimitHeaders(RateLimit limit) {
        this.limit = limit;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        limit.spent().ifPresent(spent -> tell(spent, headers));
    }

    private static void tell(Spent spent, MultivaluedMap<String, Object> headers) {
        headers.putSingle("RateLimit-Limit", spent.limit());
        headers.putSingle("RateLimit-Remaining", spent.remaining());
        headers.putSingle("RateLimit-Reset", spent.fullSeconds());
        if (!spent.isGranted()) {
            headers.putSingle(HttpHeaders.RETRY_AFTER, Math.max(1, spent.retrySeconds()));
        }
    }
}
