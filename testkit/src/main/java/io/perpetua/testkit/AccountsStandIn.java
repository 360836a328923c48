package io.perpetua.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Stands in for accounts-service: it has the key set of {@link TestTokens}, and knows the
 * administrators of {@link #adminToken}.
 */
public final class AccountsStandIn implements AutoCloseable {
    private static final String ADMIN = "admin.";

    private final HttpServer server;

    private AccountsStandIn(HttpServer server) {
        this.server = server;
    }

    /** The token of an administrator with one permission. */
    public static String adminToken(String id, String permission) {
        return ADMIN + id + "." + permission;
    }

    /** One on a free port. */
    public static AccountsStandIn start() throws IOException {
        byte[] keySet = TestTokens.keySet().getBytes(StandardCharsets.UTF_8);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/jwks.json",
                exchange -> {
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, keySet.length);
                    try (OutputStream body = exchange.getResponseBody()) {
                        body.write(keySet);
                    }
                });
        server.createContext("/v1/admin/me", AccountsStandIn::answerAdmin);
        server.start();
        return new AccountsStandIn(server);
    }

    /** What {@code perpetua.accounts.url} is. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
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
    public void close() {
        server.stop(0);
    }
}
