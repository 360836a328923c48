package io.perpetua.edge;

import io.perpetua.contracts.accounts.AgentAction;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.BlockingOperationControl;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.Executor;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets an agent's request pass if it is signed, in time, from where the agent may send, and to an
 * operation that its scopes allow. A request that names no agent is left to {@link
 * AccessTokenFilter}. The signature is never checked on an event loop.
 */
final class AgentRequestFilter implements ResteasyReactiveContainerRequestFilter {
    private final @Nullable AgentAction action;
    private final Parts parts;

    /** What it works with, the same for every operation. */
    record Parts(
            AgentChecks checks,
            Caller caller,
            FailedChecks failed,
            CurrentVertxRequest current,
            Executor executor) {}

    /** Of an operation that does this, or is closed to agents. */
    AgentRequestFilter(@Nullable AgentAction action, Parts parts) {
        this.action = action;
        this.parts = parts;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        if (request.getHeaderString(AgentRequest.AGENT) == null) {
            return;
        }
        if (action == null) {
            throw AgentRefusal.AGENT_NOT_ALLOWED.problem().exception();
        }
        if (request.getHeaderString(HttpHeaders.AUTHORIZATION) != null) {
            throw AgentRequest.malformed(HttpHeaders.AUTHORIZATION);
        }
        HttpServerRequest head = parts.current.getCurrent().request();
        AgentRequest signed =
                AgentRequest.of(head.method().name(), head.uri(), request::getHeaderString);
        if (action != AgentAction.READ && signed.nonce() == null) {
            throw AgentRequest.malformed(AgentRequest.NONCE);
        }
        Caller caller = ClientProxy.unwrap(parts.caller);
        String from = ClientAddress.of(head);
        RequestBudget failures = parts.failed.ofAddress();
        if (failures.isSpent()) {
            parts.failed.charge(request, failures);
        }
        if (BlockingOperationControl.isBlockingAllowed()) {
            caller.identify(
                    parts.checks.check(request, signed, action, from, failures), signed, action);
        } else {
            AgentAction wanted = action;
            request.suspend();
            parts.executor.execute(
                    () -> {
                        try {
                            caller.identify(
                                    parts.checks.check(request, signed, wanted, from, failures),
                                    signed,
                                    wanted);
                            request.resume();
                        } catch (RuntimeException | Error failure) {
                            request.resume(failure);
                        }
                    });
        }
    }
}
