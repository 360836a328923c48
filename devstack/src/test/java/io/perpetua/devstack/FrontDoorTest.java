package io.perpetua.devstack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The front door before a real HTTP server that stands in for orders; accounts is down. */
@Timeout(60)
class FrontDoorTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final int CONNECTIONS = 200;

    private static Vertx upstream;
    private static Vertx door;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        upstream = Vertx.vertx();
        HttpServer orders =
                upstream.createHttpServer()
                        .webSocketHandler(
                                socket ->
                                        socket.textMessageHandler(
                                                text -> socket.writeTextMessage("echo " + text)))
                        .requestHandler(FrontDoorTest::answer)
                        .listen(0, "127.0.0.1")
                        .await(10, TimeUnit.SECONDS);
        Ports free = Ports.free();
        Map<Service, List<Integer>> ports = new EnumMap<>(Service.class);
        ports.put(Service.ACCOUNTS, List.of(free.postgres()));
        ports.put(Service.ORDERS, List.of(orders.actualPort()));
        ports.put(Service.RISK, List.of(free.controller(), orders.actualPort()));
        ports.put(Service.MARKET_DATA, List.of(orders.actualPort()));
        port = free.broker();
        door = FrontDoor.start(port, ports, CONNECTIONS);
    }

    private static void answer(HttpServerRequest request) {
        if (request.path().equals("/v1/orders/dies")) {
            request.body().onSuccess(read -> request.connection().close());
            return;
        }
        if (request.path().startsWith("/q/")) {
            request.response().end("openapi: 3.1.0");
            return;
        }
        request.body()
                .onSuccess(
                        body ->
                                request.response()
                                        .setStatusCode(201)
                                        .putHeader("X-Seen", request.method() + " " + request.uri())
                                        .putHeader(
                                                "X-Peer",
                                                String.valueOf(
                                                        request.getHeader("X-Forwarded-For")))
                                        .putHeader("X-Host", request.getHeader("Host"))
                                        .end(body));
    }

    @AfterAll
    static void stop() throws Exception {
        Future.all(door.close(), upstream.close()).await(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldPassTheRequestOnWhenThePathIsPublic() throws Exception {
        HttpResponse<String> response =
                send(
                        request("/v1/orders?limit=2")
                                .POST(BodyPublishers.ofString("{\"size\":\"1\"}")));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("{\"size\":\"1\"}");
        assertThat(response.headers().firstValue("X-Seen")).contains("POST /v1/orders?limit=2");
        assertThat(response.headers().firstValue("X-Peer")).contains("127.0.0.1");
        assertThat(response.headers().firstValue("X-Host")).contains("127.0.0.1:" + port);
    }

    @Test
    void shouldSayThatNothingHappenedWhenTheServiceIsDown() throws Exception {
        HttpResponse<String> response =
                send(request("/v1/deposits").POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertProblem(response, "SERVICE_UNAVAILABLE");
    }

    @Test
    void shouldAskTheOtherReplicaWhenOneIsDown() throws Exception {
        for (int i = 0; i < 4; i++) {
            HttpResponse<String> response =
                    send(request("/v1/leverage").PUT(BodyPublishers.ofString("{}")));

            assertThat(response.statusCode()).isEqualTo(201);
        }
    }

    @Test
    void shouldSayThatTheOutcomeIsUnknownWhenTheServiceDiesOverAChange() throws Exception {
        HttpResponse<String> response =
                send(request("/v1/orders/dies").POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(502);
        assertProblem(response, "OUTCOME_UNKNOWN");
    }

    @Test
    void shouldRefuseTheBodyWhenItsLengthIsTooLarge() throws Exception {
        HttpResponse<String> response =
                send(request("/v1/orders").POST(BodyPublishers.ofByteArray(new byte[10_000_000])));

        assertThat(response.statusCode()).isEqualTo(413);
        assertProblem(response, "BODY_TOO_LARGE");
    }

    @Test
    void shouldTakeABodyToTheByteOfItsLimit() throws Exception {
        assertThat(
                        send(request("/v1/orders")
                                        .POST(BodyPublishers.ofByteArray(new byte[65_536])))
                                .statusCode())
                .isEqualTo(201);
        assertProblem(
                send(request("/v1/orders").POST(BodyPublishers.ofByteArray(new byte[65_537]))),
                "BODY_TOO_LARGE");
    }

    @Test
    void shouldTakeARequestLineToTheByteOfItsLimit() throws Exception {
        int around = "GET  HTTP/1.1".length();
        String path = "/v1/orders?a=";
        String longest = path + "x".repeat(FrontDoor.PATH_LIMIT_BYTES - around - path.length());

        assertThat(raw("GET " + longest + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .contains(" 201 ");
        assertThat(raw("GET " + longest + "x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .contains(" 414 ")
                .contains("application/problem+json")
                .contains("PATH_TOO_LONG");
    }

    @Test
    void shouldRefuseHeadersBeyondTheirLimit() throws Exception {
        String head = "GET /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: ";

        assertThat(raw(head + "x".repeat(FrontDoor.HEADERS_LIMIT_BYTES - 100) + "\r\n\r\n"))
                .contains(" 201 ");
        assertThat(raw(head + "x".repeat(FrontDoor.HEADERS_LIMIT_BYTES + 1) + "\r\n\r\n"))
                .contains(" 431 ")
                .contains("application/problem+json")
                .contains("HEADERS_TOO_LARGE");
    }

    @Test
    void shouldRefuseWhatIsNoRequest() throws Exception {
        assertThat(raw("\u0000\u0001 x y z\r\n\r\n"))
                .contains(" 400 ")
                .contains("REQUEST_MALFORMED");
    }

    @Test
    void shouldTakeNoMoreConnectionsThanItsLimit() throws Exception {
        Map<Service, List<Integer>> nowhere = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            nowhere.put(service, List.of(1));
        }
        int narrowPort = Ports.free().broker();
        Vertx narrow = FrontDoor.start(narrowPort, nowhere, 2);
        try (Socket first = dial(narrowPort)) {
            assertThat(answer(first)).contains(" 404 ");
            try (Socket second = dial(narrowPort);
                    Socket third = dial(narrowPort)) {
                assertThat(answer(second)).contains(" 404 ");
                assertThat(answer(third)).isEmpty();
                assertThat(answer(first)).contains(" 404 ");
            }
            String again = "";
            while (again.isEmpty()) {
                try (Socket fourth = dial(narrowPort)) {
                    again = answer(fourth);
                }
            }
            assertThat(again).contains(" 404 ");
        } finally {
            narrow.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Socket dial(int narrowPort) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), narrowPort);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** The first line of the answer; empty when the connection is closed instead. */
    private static String answer(Socket socket) {
        try {
            socket.getOutputStream()
                    .write("HEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return "";
                }
                head.append((char) next);
            }
            return head.toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @Test
    void shouldRefuseTheBodyWhenItIsTooLargeAndDoesNotTell() throws Exception {
        HttpResponse<String> response = send(request("/v1/orders").POST(streamed(70_000)));

        assertThat(response.statusCode()).isEqualTo(413);
        assertProblem(response, "BODY_TOO_LARGE");
    }

    @Test
    void shouldPassTheBodyOnWhenItDoesNotTellItsLengthButFits() throws Exception {
        HttpResponse<String> response = send(request("/v1/orders").POST(streamed(65_536)));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).hasSize(65_536);
    }

    @Test
    void shouldRefuseThePathWhenItCouldMeanAnother() throws Exception {
        assertProblem(send(request("/v1/orders/%2e%2e/%2e%2e/q/metrics")), "PATH_MALFORMED");
        assertProblem(send(request("/v1/orders/..%2f..%2fq/metrics")), "PATH_MALFORMED");
        assertProblem(send(request("/v1//orders")), "PATH_MALFORMED");
        assertProblem(send(request("/v1/orders%00")), "PATH_MALFORMED");
    }

    @Test
    void shouldKnowNoPathWhenItIsInternal() throws Exception {
        HttpResponse<String> response = send(request("/q/metrics"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertProblem(response, "PATH_UNKNOWN");
    }

    @Test
    void shouldShowTheApiWhenARootIsAskedFor() throws Exception {
        assertThat(send(request("/")).body()).contains("swagger-ui-bundle.js");
        assertThat(send(request("/swagger-initializer.js")).body())
                .contains("/openapi/accounts.yaml", "/openapi/market-data.yaml");
        assertThat(send(request("/openapi/orders.yaml")).body()).isEqualTo("openapi: 3.1.0");
        assertProblem(send(request("/openapi/accounts.yaml")), "SERVICE_UNAVAILABLE");
    }

    @Test
    void shouldBeDownWhenOneServiceIs() throws Exception {
        HttpResponse<String> response = send(request("/health"));

        assertThat(response.statusCode()).isEqualTo(503);
        JsonObject services = new JsonObject(response.body()).getJsonObject("services");
        assertThat(services.getString("accounts")).isEqualTo("DOWN");
        assertThat(services.getString("orders")).isEqualTo("UP");
    }

    @Test
    void shouldPassMessagesBothWaysWhenASocketIsOpened() throws Exception {
        Promise<String> answer = Promise.promise();
        connect(3)
                .onFailure(answer::tryFail)
                .onSuccess(
                        socket -> {
                            socket.textMessageHandler(answer::tryComplete);
                            socket.writeTextMessage("hello");
                        });

        assertThat(answer.future().await(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
    }

    /** As clients do: the proxy may cut a connection in the handshake, and they connect again. */
    private static Future<WebSocket> connect(int attempts) {
        return upstream.createWebSocketClient()
                .connect(
                        new WebSocketConnectOptions()
                                .setHost("127.0.0.1")
                                .setPort(port)
                                .setURI("/v1/orders/stream"))
                .recover(cut -> attempts > 1 ? connect(attempts - 1) : Future.failedFuture(cut));
    }

    private static HttpRequest.BodyPublisher streamed(int bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes]));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> response, String code) {
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        JsonObject problem = new JsonObject(Buffer.buffer(response.body()));
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getInteger("status")).isEqualTo(response.statusCode());
    }
}
