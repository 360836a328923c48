package io.perpetua.accounts;

import io.perpetua.testkit.LocalExchanges;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/** Where the exchanges of the tests are going to be, known before the service starts. */
public class ExchangesPort implements QuarkusTestResourceLifecycleManager {
    private static final String PORT = "perpetua.test.exchanges-port";

    /** The port; a system property, since a test and the service load this class twice. */
    static int port() {
        return Integer.getInteger(PORT);
    }

    @Override
    public Map<String, String> start() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty(PORT, Integer.toString(free.getLocalPort()));
            Map<String, String> settings =
                    new HashMap<>(LocalExchanges.settings(free.getLocalPort()));
            settings.put("perpetua.accounts.exchanges.answer-millis", "10000");
            settings.put("perpetua.accounts.exchanges.calls-max", "1");
            return settings;
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public void stop() {}
}
