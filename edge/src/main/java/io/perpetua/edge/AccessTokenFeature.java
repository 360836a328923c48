package io.perpetua.edge;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.util.concurrent.Executor;

/**
 * Puts {@link AgentRequestFilter} and {@link AccessTokenFilter} before every endpoint that is not
 * open to all.
 */
@Provider
public class AccessTokenFeature implements DynamicFeature {
    private final AccessTokenFilter filter;
    private final AgentRequestFilter.Parts ofAgents;

    /** With the one filter of tokens, and what those of agents work with. */
    public AccessTokenFeature(
            AccessTokenFilter filter,
            AgentChecks checks,
            Caller caller,
            FailedChecks failed,
            CurrentVertxRequest current,
            Executor executor) {
        this.filter = filter;
        this.ofAgents = new AgentRequestFilter.Parts(checks, caller, failed, current, executor);
    }

    @Override
    public void configure(ResourceInfo endpoint, FeatureContext context) {
        boolean open =
                endpoint.getResourceMethod().isAnnotationPresent(PermitAll.class)
                        || endpoint.getResourceClass().isAnnotationPresent(PermitAll.class);
        if (!open) {
            OpenToAgents toAgents = endpoint.getResourceMethod().getAnnotation(OpenToAgents.class);
            context.register(
                    new AgentRequestFilter(toAgents == null ? null : toAgents.value(), ofAgents),
                    Priorities.AUTHENTICATION - 1);
            context.register(filter, Priorities.AUTHENTICATION);
        }
    }
}
