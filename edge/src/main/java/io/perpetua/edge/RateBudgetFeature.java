package io.perpetua.edge;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import org.jspecify.annotations.Nullable;

/** Puts a {@link RateBudgetFilter} before every operation that is not {@link Unmetered}. */
@Provider
public class RateBudgetFeature implements DynamicFeature {
    private final Caller caller;
    private final RequestBudget budget;
    private final CurrentVertxRequest current;

    /** With what belongs to the request under way. */
    public RateBudgetFeature(Caller caller, RequestBudget budget, CurrentVertxRequest current) {
        this.caller = caller;
        this.budget = budget;
        this.current = current;
    }

    @Override
    public void configure(ResourceInfo endpoint, FeatureContext context) {
        if (annotation(endpoint, Unmetered.class) != null) {
            return;
        }
        RateBudget declared = annotation(endpoint, RateBudget.class);
        RateClass rateClass =
                declared != null
                        ? declared.value()
                        : endpoint.getResourceMethod().isAnnotationPresent(GET.class)
                                ? RateClass.READ
                                : RateClass.WRITE;
        context.register(
                new RateBudgetFilter(
                        rateClass,
                        declared != null && declared.toldByBody(),
                        caller,
                        budget,
                        current),
                Priorities.AUTHORIZATION);
    }

    private static <A extends Annotation> @Nullable A annotation(
            ResourceInfo endpoint, Class<A> type) {
        A ofMethod = endpoint.getResourceMethod().getAnnotation(type);
        return ofMethod != null ? ofMethod : endpoint.getResourceClass().getAnnotation(type);
    }
}
