package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.edge.ClientAddress;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;

/** Where the request came from, and with what, for the audit log. */
@RequestScoped
public class RequestOrigin {
    private final CurrentVertxRequest current;

    /** With the request under way. */
    public RequestOrigin(CurrentVertxRequest current) {
        this.current = current;
    }

    /** For the audit log. */
    public AuditOrigin origin() {
        HttpServerRequest request = current.getCurrent().request();
        return new AuditOrigin(
                ClientAddress.of(request), request.getHeader(HttpHeaders.USER_AGENT));
    }
}
