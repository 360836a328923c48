package io.perpetua.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for accounts-service's key set, so that a {@code @QuarkusTest} of another service takes
 * the tokens of {@link TestTokens}: {@code @QuarkusTestResource(AccessTokensResource.class)}. It
 * knows the administrators of {@link #adminToken} too.
 */
public class AccessTokensResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable AccountsStandIn accounts;

    /** The token of an administrator with one permission. */
    public static String adminToken(String id, String permission) {
        return AccountsStandIn.adminToken(id, permission);
    }

    @Override
    public Map<String, String> start() {
        try {
            AccountsStandIn started = AccountsStandIn.start();
            accounts = started;
            return Map.of("perpetua.accounts.url", started.url());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        AccountsStandIn running = accounts;
        if (running != null) {
            running.close();
        }
    }
}
