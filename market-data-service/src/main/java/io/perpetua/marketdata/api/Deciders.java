package io.perpetua.marketdata.api;

import io.perpetua.edge.Administrators;
import io.perpetua.edge.ClientAddress;
import io.perpetua.marketdata.app.Decider;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Who may read and decide what is not for users: administrators with the permission for it. */
@ApplicationScoped
public class Deciders {
    /** What whoever changes a market needs. */
    static final String CHANGE_MARKETS = "CHANGE_MARKETS";

    private final Administrators administrators;
    private final CurrentVertxRequest current;

    Deciders(Administrators administrators, CurrentVertxRequest current) {
        this.administrators = administrators;
        this.current = current;
    }

    /** Who sends the request under way, with these two of its headers. */
    Decider require(@Nullable String authorization, @Nullable String userAgent, String permission) {
        return new Decider(
                administrators.require(authorization, permission).id(),
                ClientAddress.of(current.getCurrent().request()),
                userAgent);
    }
}
