package io.perpetua.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a body that is announced to be larger than the limit, before a byte of it is read, and
 * one whose size is not announced at all.
 */
@Singleton
public class BodyLimit {
    private static final int PRIORITY = 10_000;

    private final long maxBytes;
    private final String tooLarge;
    private final String unannounced;

    BodyLimit(
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit,
            ObjectMapper json)
            throws JsonProcessingException {
        this.maxBytes = limit.asLongValue();
        this.tooLarge = json.writeValueAsString(ProblemMappers.bodyTooLarge());
        this.unannounced =
                json.writeValueAsString(
                        Problem.of(
                                411,
                                "LENGTH_REQUIRED",
                                "the header 'Content-Length' is required with a body"));
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext request) {
        HttpServerRequest head = request.request();
        if (announced(head.getHeader(HttpHeaders.CONTENT_LENGTH)) > maxBytes) {
            refuse(request, 413, tooLarge);
        } else if (head.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            refuse(request, 411, unannounced);
        } else {
            request.next();
        }
    }

    private static void refuse(RoutingContext request, int status, String problem) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(problem);
    }

    private static long announced(@Nullable String length) {
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException tooLong) {
            return Long.MAX_VALUE;
        }
    }
}
