package io.perpetua.demo.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The exchange's front door. An outage is an answer too: status 503, never an exception. */
public final class Api implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PAGE = 200;

    private final URI base;
    private final Duration timeout;
    private final HttpClient http;

    /** Of the exchange at {@code base}, such as {@code http://127.0.0.1:8080}. */
    public Api(URI base) {
        this(base, TIMEOUT);
    }

    /**
     * Of the exchange at {@code base}, for clients that give up an answer after {@code timeout}.
     */
    public Api(URI base, Duration timeout) {
        this.base = base;
        this.timeout = timeout;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    /** Sends one request, once. */
    public Answer send(String method, String path, @Nullable String token, @Nullable Object body) {
        try {
            return send(method, path, token, body == null ? null : JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException(unwritable);
        }
    }

    /** Sends one request with a body that need not be JSON, though it says so, once. */
    public Answer send(String method, String path, @Nullable String token, byte @Nullable [] body) {
        return send(method, path, token, body, "application/json");
    }

    /** Sends one request with a body of that type, once. */
    public Answer send(
            String method,
            String path,
            @Nullable String token,
            byte @Nullable [] body,
            String type) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        if (body != null) {
            headers.put("Content-Type", type);
        }
        return send(method, path, headers, body);
    }

    /** Sends one request with these headers, once. */
    public Answer send(
            String method, String path, Map<String, String> headers, byte @Nullable [] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(timeout)
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), parse(response.body()));
        } catch (IOException unreachable) {
            return outage("UNREACHABLE", String.valueOf(unreachable.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return outage("INTERRUPTED", "the demo is ending");
        }
    }

    private static JsonNode parse(byte[] body) {
        if (body.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return JSON.readTree(body);
        } catch (IOException noJson) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("text", new String(body, StandardCharsets.UTF_8));
        }
    }

    private static Answer outage(String code, String detail) {
        return new Answer(
                503, JsonNodeFactory.instance.objectNode().put("code", code).put("detail", detail));
    }

    /**
     * Sends a request that may be repeated until the platform answers it, for some minutes: what a
     * client does while a part of the platform is started again.
     */
    public Answer persist(
            String method, String path, @Nullable String token, @Nullable Object body) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long pauseMillis = 50;
        Answer answer = send(method, path, token, body);
        while (answer.isUnavailable() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return answer;
            }
            pauseMillis = Math.min(1_000, pauseMillis * 2);
            answer = send(method, path, token, body);
        }
        return answer;
    }

    /** A body that is open to all. */
    public JsonNode get(String path) {
        return persist("GET", path, null, null).orThrow();
    }

    /** All items of a list, page after page, each read by {@code read}. */
    static List<JsonNode> pages(String path, Function<String, JsonNode> read) {
        List<JsonNode> items = new ArrayList<>();
        String first = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
        JsonNode page = read.apply(first);
        page.path("items").forEach(items::add);
        while (page.path("nextCursor").isTextual()) {
            page = read.apply(first + "&cursor=" + page.path("nextCursor").asText());
            page.path("items").forEach(items::add);
        }
        return items;
    }

    /** A body from names and values; null values are left out. */
    public static Map<String, Object> body(@Nullable Object... namesAndValues) {
        Map<String, Object> body = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object name = namesAndValues[i];
            Object value = namesAndValues[i + 1];
            if (name != null && value != null) {
                body.put(name.toString(), value);
            }
        }
        return body;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
