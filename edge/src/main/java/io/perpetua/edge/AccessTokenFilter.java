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
 * Lets a request pass only with a valid access token, unless it is an agent's. A token that was
 * checked before passes at once; the check of a new one never holds an event loop up. A check that
 * fails is charged by {@link FailedChecks}.
 */
@Singleton
public class AccessTokenFilter implements ResteasyReactiveContainerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final AccessTokens tokens;
    private final Caller caller;
    private final FailedChecks failed;
    private final Executor executor;

    /** With the executor that may wait. */
    public AccessTokenFilter(
            AccessTokens tokens, Caller caller, FailedChecks failed, Executor executor) {
        this.tokens = tokens;
        this.caller = caller;
        this.failed = failed;
        this.executor = executor;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        if (caller.known() != null) {
            return;
        }
        String token = token(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        if (token == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        AccessTokens.Check known = tokens.remembered(token);
        if (known != null) {
            caller.identify(passed(known));
            return;
        }
        RequestBudget failures = failed.ofAddress();
        if (failures.isSpent()) {
            failed.charge(request, failures);
        }
        if (BlockingOperationControl.isBlockingAllowed()) {
            caller.identify(check(request, token, failures));
        } else {
            checkElsewhere(request, token, ClientProxy.unwrap(caller), failures);
        }
    }

    /** Where the keys can't be asked for, nobody is charged. */
    private AccessTokens.Check.Passed check(
            ResteasyReactiveContainerRequestContext request, String token, RequestBudget failures) {
        AccessTokens.Check check = tokens.check(token);
        if (check instanceof AccessTokens.Check.Refused) {
            failed.charge(request, failures);
        }
        return passed(check);
    }

    private void checkElsewhere(
            ResteasyReactiveContainerRequestContext request,
            String token,
            Caller unknown,
            RequestBudget failures) {
        request.suspend();
        executor.execute(
                () -> {
                    try {
                        unknown.identify(check(request, token, failures));
                        request.resume();
                    } catch (RuntimeException | Error failure) {
                        request.resume(failure);
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
