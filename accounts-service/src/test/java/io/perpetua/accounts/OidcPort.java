package io.perpetua.accounts;

import io.perpetua.testkit.OpenIdProvider;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** Where the OpenID provider of the tests is going to be, known before the service starts. */
public class OidcPort implements QuarkusTestResourceLifecycleManager {
    private static final String PORT = "perpetua.test.oidc-port";

    /** The port; a system property, since a test and the service load this class twice. */
    static int port() {
        return Integer.getInteger(PORT);
    }

    @Override
    public Map<String, String> start() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty(PORT, Integer.toString(free.getLocalPort()));
            return Map.of(
                    "perpetua.accounts.oidc.issuer",
                    "http://127.0.0.1:" + free.getLocalPort() + "/realm",
                    "perpetua.accounts.oidc.client-id",
                    OpenIdProvider.CLIENT_ID);
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public void stop() {}
}
