package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the request came from. The front door, which nobody gets around, says who its peer was as
 * the last word of {@code X-Forwarded-For}; what stands before it the client wrote.
 */
@RequestScoped
public class RequestOrigin {
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

    private final CurrentVertxRequest current;

    /** With the request under way. */
    public RequestOrigin(CurrentVertxRequest current) {
        this.current = current;
    }

    /** For the audit log. */
    public AuditOrigin origin() {
        HttpServerRequest request = current.getCurrent().request();
        return new AuditOrigin(address(request), request.getHeader(HttpHeaders.USER_AGENT));
    }

    private static @Nullable String address(HttpServerRequest request) {
        String forwarded = request.getHeader("X-Forwarded-For");
        if (forwarded != null) {
            String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
            if (ADDRESS.matcher(last).matches()) {
                return last;
            }
        }
        return request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    }
}
