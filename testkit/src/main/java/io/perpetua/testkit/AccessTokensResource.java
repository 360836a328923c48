package io.perpetua.testkit;

import com.sun.net.httpserver.HttpExchange;
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
 * the tokens of {@link TestTokens}: {@code @QuarkusTestResource(AccessTokensResource.class)}. It
 * knows the administrators of {@link #adminToken} too.
 */
public class AccessTokensResource implements QuarkusTestResourceLifecycleManager {
    private static final String ADMIN = "admin.";

    private @Nullable HttpServer server;

    /** The token of an administrator with one permission. */
    public static String adminToken(String id, String permission) {
        return ADMIN + id + "." + permission;
    }

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
            keys.createContext("/v1/admin/me", AccessTokensResource::answerAdmin);
            keys.start();
            server = keys;
            return Map.of(
                    "perpetua.accounts.url", "http://127.0.0.1:" + keys.getAddress().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answerAdmin(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        String[] parts = header == null ? new String[0] : header.split("\\.", -1);
        if (header == null || !header.startsWith("Bearer " + ADMIN) || parts.length != 3) {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
            return;
        }
        byte[] body =
                "{\"id\":\"%s\",\"permissions\":[\"%s\"]}"
                        .formatted(parts[1], parts[2])
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
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
