package io.perpetua.edge;

import io.quarkus.arc.ClientProxy;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;

/** Charges a request to its budget, after its caller is known and before its body is read. */
final class RateBudgetFilter implements ResteasyReactiveContainerRequestFilter {
    /** Of the request under way: its {@link RequestBudget}. */
    static final String PROPERTY = RequestBudget.class.getName();

    private final RateClass rateClass;
    private final boolean toldByBody;
    private final Caller caller;
    private final RequestBudget budget;
    private final CurrentVertxRequest current;

    RateBudgetFilter(
            RateClass rateClass,
            boolean toldByBody,
            Caller caller,
            RequestBudget budget,
            CurrentVertxRequest current) {
        this.rateClass = rateClass;
        this.toldByBody = toldByBody;
        this.caller = caller;
        this.budget = budget;
        this.current = current;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        RequestBudget own = ClientProxy.unwrap(budget);
        own.begin(
                rateClass,
                caller.known(),
                caller.agentBudget(),
                ClientAddress.network(ClientAddress.of(current.getCurrent().request())));
        request.setProperty(PROPERTY, own);
        if (toldByBody) {
            own.refuseUnread();
        } else {
            own.charge(rateClass);
        }
    }
}
