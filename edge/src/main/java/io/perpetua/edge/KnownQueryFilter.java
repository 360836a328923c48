package io.perpetua.edge;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;

/**
 * Refuses a request with a query parameter that its operation does not declare: a misspelt filter
 * that is passed over would answer another question than was asked.
 */
final class KnownQueryFilter implements ResteasyReactiveContainerRequestFilter {
    private static final int LONGEST_NAME = 64;

    private final SortedSet<String> known;
    private final CurrentVertxRequest current;

    KnownQueryFilter(SortedSet<String> known, CurrentVertxRequest current) {
        this.known = known;
        this.current = current;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        RoutingContext context = current.getCurrent();
        String query = context.request().query();
        if (query == null || query.isEmpty()) {
            return;
        }
        // Entry by entry: names() takes 'From' and 'from' for one.
        for (Map.Entry<String, String> parameter : context.queryParams()) {
            if (!known.contains(parameter.getKey())) {
                throw unknown(parameter.getKey()).exception();
            }
        }
    }

    private Problem unknown(String name) {
        String shown = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
        return Problem.of(
                        400,
                        "UNKNOWN_PARAMETER",
                        known.isEmpty()
                                ? "'%s' is unknown; this request takes no query parameters"
                                        .formatted(shown)
                                : "'%s' is none of the query parameters of this request"
                                        .formatted(shown))
                .at(shown)
                .allowing(List.copyOf(known));
    }
}
