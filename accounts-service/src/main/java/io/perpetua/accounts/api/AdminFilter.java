package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AdminTokens;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.edge.Problem;
import io.perpetua.edge.TokenRefusal;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.BlockingOperationControl;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.Executor;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass only with the token of an administrator who, as the database has it now, can
 * sign in and has the permission that the endpoint requires.
 */
@Singleton
public class AdminFilter implements ResteasyReactiveContainerRequestFilter {
    /** What the description calls the token. */
    static final String SECURITY = "adminToken";

    private static final String SCHEME = "Bearer ";

    private final AdminTokens tokens;
    private final AdminStore admins;
    private final AdminTransactions transactions;
    private final AdminCaller caller;
    private final Executor executor;

    /** With the executor that may wait. */
    public AdminFilter(
            AdminTokens tokens,
            AdminStore admins,
            AdminTransactions transactions,
            AdminCaller caller,
            Executor executor) {
        this.tokens = tokens;
        this.admins = admins;
        this.transactions = transactions;
        this.caller = caller;
        this.executor = executor;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        String token = token(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        if (token == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        AdminPermission needed =
                request.getServerRequestContext()
                        .getResteasyReactiveResourceInfo()
                        .getResourceMethod()
                        .getAnnotation(RequiresPermission.class)
                        .value();
        if (BlockingOperationControl.isBlockingAllowed()) {
            caller.identify(judge(token, needed));
        } else {
            judgeElsewhere(request, token, needed, ClientProxy.unwrap(caller));
        }
    }

    private void judgeElsewhere(
            ResteasyReactiveContainerRequestContext request,
            String token,
            AdminPermission needed,
            AdminCaller current) {
        request.suspend();
        executor.execute(
                () -> {
                    try {
                        current.identify(judge(token, needed));
                        request.resume();
                    } catch (RuntimeException | Error failed) {
                        request.resume(failed);
                    }
                });
    }

    private AdminRow judge(String token, AdminPermission needed) {
        AdminRow admin =
                tokens.read(token)
                        .flatMap(
                                claims ->
                                        transactions
                                                .call(
                                                        claims.admin(),
                                                        tx -> admins.find(tx, claims.admin()))
                                                .filter(
                                                        found ->
                                                                found.generation()
                                                                        == claims.generation()))
                        .filter(found -> found.state() == AdminState.ACTIVE)
                        .orElseThrow(() -> TokenRefusal.TOKEN_INVALID.problem().exception());
        if (!admin.role().may(needed)) {
            throw Problem.of(
                            403,
                            "PERMISSION_MISSING",
                            "the role " + admin.role() + " lacks the permission " + needed)
                    .exception();
        }
        return admin;
    }

    private static @Nullable String token(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }
}
