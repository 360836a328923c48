package io.perpetua.edge;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;

/** Puts {@link AccessTokenFilter} before every endpoint that is not open to all. */
@Provider
public class AccessTokenFeature implements DynamicFeature {
    private final AccessTokenFilter filter;

    /** With the one filter. */
    public AccessTokenFeature(AccessTokenFilter filter) {
        this.filter = filter;
    }

    @Override
    public void configure(ResourceInfo endpoint, FeatureContext context) {
        boolean open =
                endpoint.getResourceMethod().isAnnotationPresent(PermitAll.class)
                        || endpoint.getResourceClass().isAnnotationPresent(PermitAll.class);
        if (!open) {
            context.register(filter, Priorities.AUTHENTICATION);
        }
    }
}
