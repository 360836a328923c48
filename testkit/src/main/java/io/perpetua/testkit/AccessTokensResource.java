package io.perpetua.testkit;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for accounts-service's key set, so that a {@code @QuarkusTest} of another service takes
 * the tokens of {@link TestTokens}: {@code @QuarkusTestResource(AccessTokensResource.class)}.
 */
public class AccessTokensResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        byte[] keySet = TestTokens.keySet().getBytes(StandardCharsets.UTF_8);
        try {
            HttpServer keys =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            keys.createContext(
                    "/v1/jwks.json",
                    exchange -> {
                        exchange.getResponseHeaders().add("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, keySet.length);
                        try (OutputStream body = exchange.getResponseBody()) {
                            body.write(keySet);
                        }
                    });
            keys.start();
            server = keys;
            return Map.of(
                    "perpetua.accounts.url", "http://127.0.0.1:" + keys.getAddress().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        HttpServer running = server;
        if (running != null) {
            running.stop(0);
        }
    }
}
