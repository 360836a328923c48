package io.perpetua.edge;

import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.BlockingOperationControl;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.Executor;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass only with a valid access token. A token that was checked before passes at
 * once; the check of a new one never holds an event loop up.
 */
@Singleton
public class AccessTokenFilter implements ResteasyReactiveContainerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final AccessTokens tokens;
    private final Caller caller;
    private final Executor executor;

    /** With the executor that may wait. */
    public AccessTokenFilter(AccessTokens tokens, Caller caller, Executor executor) {
        this.tokens = tokens;
        this.caller = caller;
        this.executor = executor;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        String token = token(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        if (token == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        AccessTokens.Check known = tokens.remembered(token);
        if (known != null) {
            caller.identify(passed(known));
        } else if (BlockingOperationControl.isBlockingAllowed()) {
            caller.identify(passed(tokens.check(token)));
        } else {
            checkElsewhere(request, token, ClientProxy.unwrap(caller));
        }
    }

    private void checkElsewhere(
            ResteasyReactiveContainerRequestContext request, String token, Caller current) {
        request.suspend();
        executor.execute(
                () -> {
                    try {
                        current.identify(passed(tokens.check(token)));
                        request.resume();
                    } catch (RuntimeException | Error failed) {
                        request.resume(failed);
                    }
                });
    }

    private static AccessTokens.Check.Passed passed(AccessTokens.Check check) {
        return switch (check) {
            case AccessTokens.Check.Passed passed -> passed;
            case AccessTokens.Check.Refused refused ->
                    throw refused.refusal().problem().exception();
        };
    }

    private static @Nullable String token(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }
}
