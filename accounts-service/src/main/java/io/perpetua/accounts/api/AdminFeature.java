package io.perpetua.accounts.api;

import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;

/** Puts {@link AdminFilter} before every endpoint that requires a permission. */
@Provider
public class AdminFeature implements DynamicFeature {
    private final AdminFilter filter;

    /** With the one filter. */
    public AdminFeature(AdminFilter filter) {
        this.filter = filter;
    }

    @Override
    public void configure(ResourceInfo endpoint, FeatureContext context) {
        if (endpoint.getResourceMethod().isAnnotationPresent(RequiresPermission.class)) {
            context.register(filter);
        }
    }
}
