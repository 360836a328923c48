package io.perpetua.edge;

import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.BlockingOperationControl;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.Executor;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass only with a valid access token. A token that was checked before passes at
 * once; the check of a new one never holds an event loop up. A check that fails is charged to the
 * client address's budget of {@link RateClass#SIGN_IN}: once that is spent, no more are made for
 * it.
 */
@Singleton
public class AccessTokenFilter implements ResteasyReactiveContainerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final AccessTokens tokens;
    private final Caller caller;
    private final RequestBudget budget;
    private final CurrentVertxRequest current;
    private final Executor executor;

    /** With the executor that may wait. */
    public AccessTokenFilter(
            AccessTokens tokens,
            Caller caller,
            RequestBudget budget,
            CurrentVertxRequest current,
            Executor executor) {
        this.tokens = tokens;
        this.caller = caller;
        this.budget = budget;
        this.current = current;
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
            return;
        }
        RequestBudget failures = failuresOfAddress();
        if (failures.isSpent()) {
            charge(request, failures);
        }
        if (BlockingOperationControl.isBlockingAllowed()) {
            caller.identify(check(request, token, failures));
        } else {
            checkElsewhere(request, token, ClientProxy.unwrap(caller), failures);
        }
    }

    private RequestBudget failuresOfAddress() {
        RequestBudget own = ClientProxy.unwrap(budget);
        own.begin(
                RateClass.SIGN_IN,
                null,
                ClientAddress.network(ClientAddress.of(current.getCurrent().request())));
        return own;
    }

    private static void charge(
            ResteasyReactiveContainerRequestContext request, RequestBudget failures) {
        request.setProperty(RateBudgetFilter.PROPERTY, failures);
        failures.charge(RateClass.SIGN_IN);
    }

    /** Where the keys can't be asked for, nobody is charged. */
    private AccessTokens.Check.Passed check(
            ResteasyReactiveContainerRequestContext request, String token, RequestBudget failures) {
        AccessTokens.Check check = tokens.check(token);
        if (check instanceof AccessTokens.Check.Refused) {
            charge(request, failures);
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
