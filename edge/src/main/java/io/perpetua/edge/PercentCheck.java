package io.perpetua.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses an address in which a percent sign is not followed by two hexadecimal digits, with a
 * problem: what reads addresses further on would answer by a status alone.
 */
@Singleton
public class PercentCheck {
    private static final int PRIORITY = 9_000;

    private final String malformed;

    PercentCheck(ObjectMapper json) throws JsonProcessingException {
        this.malformed =
                json.writeValueAsString(
                        Problem.of(
                                400,
                                "PATH_MALFORMED",
                                "a '%' in path or query is followed by two hexadecimal digits"));
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext request) {
        if (isDecodable(request.request().uri())) {
            request.next();
        } else {
            request.response()
                    .setStatusCode(400)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(malformed);
        }
    }

    static boolean isDecodable(String uri) {
        int percent = uri.indexOf('%');
        while (percent >= 0) {
            boolean isEncoded =
                    percent + 2 < uri.length()
                            && Character.digit(uri.charAt(percent + 1), 16) >= 0
                            && Character.digit(uri.charAt(percent + 2), 16) >= 0;
            if (!isEncoded) {
                return false;
            }
            percent = uri.indexOf('%', percent + 3);
        }
        return true;
    }
}
