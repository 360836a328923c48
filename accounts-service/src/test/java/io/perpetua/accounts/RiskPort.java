package io.perpetua.accounts;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** Where risk-service's HTTP interface is going to be, known before the service starts. */
public class RiskPort implements QuarkusTestResourceLifecycleManager {
    private static final String PORT = "perpetua.test.risk-port";

    /** The port; a system property, since a test and the service load this class twice. */
    static int port() {
        return Integer.getInteger(PORT);
    }

    @Override
    public Map<String, String> start() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty(PORT, Integer.toString(free.getLocalPort()));
            return Map.of(
                    "perpetua.accounts.risk-url",
                    "http://127.0.0.1:" + free.getLocalPort(),
                    "perpetua.accounts.risk-millis",
                    "5000",
                    "perpetua.accounts.risk-calls-max",
                    "2");
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public void stop() {}
}
