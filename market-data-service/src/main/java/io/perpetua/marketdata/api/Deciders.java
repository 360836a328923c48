package io.perpetua.marketdata.api;

import io.perpetua.edge.Administrators;
import io.perpetua.edge.ClientAddress;
import io.perpetua.marketdata.app.Decider;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Who may decide about markets: administrators with the permission for it. */
@ApplicationScoped
public class Deciders {
    private static final String PERMISSION = "CHANGE_MARKETS";

    private final Administrators administrators;
    private final CurrentVertxRequest current;

    Deciders(Administrators administrators, CurrentVertxRequest current) {
        this.administrators = administrators;
        this.current = current;
    }

    /** Who sends the request under way, with these two of its headers. */
    Decider require(@Nullable String authorization, @Nullable String userAgent) {
        return new Decider(
                administrators.require(authorization, PERMISSION).id(),
                ClientAddress.of(current.getCurrent().request()),
                userAgent);
    }
}
