package io.perpetua.devstack;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.MediaType;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one address of the exchange on a developer's machine: routes by path to the services as an
 * ingress would, web sockets included, and shows their OpenAPI documents at {@code /}. Where a
 * service has replicas, requests go in turn to those that are ready.
 *
 * <p>Order entry passes through here, so it is one event loop that streams what it can. Only the
 * services' public paths are reachable: a path that could mean another one is refused.
 */
public final class FrontDoor {
    private static final int BODY_LIMIT_BYTES = 65_536;
    private static final long DRAIN_LIMIT_MILLIS = 10_000;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final long ANSWER_TIMEOUT_MILLIS = 30_000;

    /** More than new orders may be under way, so that a cancel never waits for one to end. */
    private static final int CONNECTIONS_PER_SERVICE = 3_072;

    private static final int WAITING_PER_SERVICE = 1_024;

    /** Connections of clients; each has at most one request under way. */
    private static final int CONNECTIONS = 4_096;

    static final int PATH_LIMIT_BYTES = 4_096;
    static final int HEADERS_LIMIT_BYTES = 8_192;

    /** How long a connection may be silent, be it before a request, within it, or after. */
    private static final int SILENCE_LIMIT_SECONDS = 75;

    private static final long PROBE_MILLIS = 500;

    private final Vertx vertx;
    private final HttpClient client;
    private final Map<Service, Origin> origins = new EnumMap<>(Service.class);
    private final ApiPages pages = new ApiPages();
    private final int connectionsMax;
    private final AtomicInteger connections = new AtomicInteger();

    private FrontDoor(Vertx vertx, Map<Service, List<Integer>> ports, int connectionsMax) {
        this.vertx = vertx;
        this.connectionsMax = connectionsMax;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS),
                        new PoolOptions()
                                .setHttp1MaxSize(CONNECTIONS_PER_SERVICE)
                                .setMaxWaitQueueSize(WAITING_PER_SERVICE));
        for (Service service : Service.values()) {
            Replicas replicas = new Replicas(Objects.requireNonNull(ports.get(service)));
            origins.put(service, new Origin(replicas, proxyTo(replicas)));
        }
    }

    private record Origin(Replicas replicas, HttpProxy proxy) {}

    /**
     * Arguments: its own port, then the ports of the four services in their order; of a service
     * with replicas, theirs with commas.
     */
    public static void main(String[] arguments) throws Exception {
        Map<Service, List<Integer>> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            ports.put(
                    service,
                    Stream.of(arguments[1 + ports.size()].split(","))
                            .map(Integer::parseInt)
                            .toList());
        }
        start(Integer.parseInt(arguments[0]), ports, CONNECTIONS);
    }

    /** Returns when it listens; whoever holds the result ends it by closing it. */
    static Vertx start(int port, Map<Service, List<Integer>> ports, int connectionsMax)
            throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        FrontDoor door = new FrontDoor(vertx, ports, connectionsMax);
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setMaxInitialLineLength(PATH_LIMIT_BYTES)
                        .setMaxHeaderSize(HEADERS_LIMIT_BYTES)
                        .setIdleTimeout(SILENCE_LIMIT_SECONDS)
                        .setHttp2ClearTextEnabled(false);
        vertx.setPeriodic(PROBE_MILLIS, timer -> door.probe());
        vertx.createHttpServer(options)
                .connectionHandler(door::admit)
                .invalidRequestHandler(door::refuseMalformed)
                .requestHandler(door::handle)
                .listen()
                .await(10, TimeUnit.SECONDS);
        return vertx;
    }

    private void admit(HttpConnection connection) {
        connection.closeHandler(closed -> connections.decrementAndGet());
        if (connections.incrementAndGet() > connectionsMax) {
            connection.close();
        }
    }

    /** What can't be read as a request ends its connection: nobody knows where the next begins. */
    private void refuseMalformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Problem problem = Problem.REQUEST_MALFORMED;
        if (cause instanceof TooLongHttpLineException) {
            problem = Problem.PATH_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException) {
            problem = Problem.HEADERS_TOO_LARGE;
        }
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(problem.body())
                .onComplete(sent -> request.connection().close());
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        if (path == null || !isPlain(path) || !isDecodable(request.uri())) {
            refuse(request, Problem.PATH_MALFORMED);
            return;
        }
        if (isTooLarge(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            refuse(request, Problem.BODY_TOO_LARGE);
            return;
        }
        Optional<Service> service = Routes.find(path);
        if (service.isPresent()) {
            forward(request, service.get());
        } else {
            handleOwn(request, path);
        }
    }

    private void forward(HttpServerRequest request, Service service) {
        if (request.getHeader(HttpHeaders.EXPECT) != null) {
            request.response().writeContinue();
            request.headers().remove(HttpHeaders.EXPECT);
        }
        origin(service).proxy().handle(request);
    }

    private Origin origin(Service service) {
        return Objects.requireNonNull(origins.get(service));
    }

    private void handleOwn(HttpServerRequest request, String path) {
        if (!request.method().equals(HttpMethod.GET)) {
            refuse(request, Problem.PATH_UNKNOWN);
        } else if (path.equals("/health")) {
            answerHealth(request.response());
        } else if (path.startsWith("/health/")) {
            relay(request, path.substring("/health/".length()), "/q/health");
        } else if (path.startsWith("/openapi/") && path.endsWith(".yaml")) {
            String label = path.substring("/openapi/".length(), path.length() - ".yaml".length());
            relay(request, label, "/q/openapi");
        } else {
            pages.find(path)
                    .ifPresentOrElse(
                            page -> page.send(request.response()),
                            () -> refuse(request, Problem.PATH_UNKNOWN));
        }
    }

    private static boolean isPlain(String path) {
        if (path.indexOf('\\') >= 0 || path.contains("..") || path.contains("//")) {
            return false;
        }
        if (path.indexOf('%') < 0) {
            return true;
        }
        String lower = path.toLowerCase(Locale.ROOT);
        return !lower.contains("%2e") && !lower.contains("%2f") && !lower.contains("%5c");
    }

    /** Whether two hexadecimal digits, not both zero, follow every percent sign. */
    private static boolean isDecodable(String uri) {
        int percent = uri.indexOf('%');
        while (percent >= 0) {
            if (percent + 2 >= uri.length()
                    || Character.digit(uri.charAt(percent + 1), 16) < 0
                    || Character.digit(uri.charAt(percent + 2), 16) < 0
                    || uri.startsWith("%00", percent)) {
                return false;
            }
            percent = uri.indexOf('%', percent + 3);
        }
        return true;
    }

    private static boolean isTooLarge(@Nullable String contentLength) {
        if (contentLength == null) {
            return false;
        }
        try {
            return Long.parseLong(contentLength) > BODY_LIMIT_BYTES;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private HttpProxy proxyTo(Replicas replicas) {
        return HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(true), client)
                .origin(context -> connect(context, replicas, replicas.count()))
                .addInterceptor(new Guard(), true);
    }

    /** To one that takes the connection: nothing was sent to those that don't. */
    private static Future<HttpClientRequest> connect(
            ProxyContext context, Replicas replicas, int attempts) {
        Replicas.Replica replica = replicas.next();
        RequestOptions options = new RequestOptions().setServer(replica.address());
        if (!context.isWebSocket()) {
            options.setIdleTimeout(ANSWER_TIMEOUT_MILLIS);
        }
        return context.client()
                .request(options)
                .recover(
                        cause -> {
                            if (cause instanceof ConnectException) {
                                replica.isLive(false);
                            }
                            return attempts > 1
                                    ? connect(context, replicas, attempts - 1)
                                    : Future.failedFuture(cause);
                        });
    }

    /** Asks every process that has a twin whether it is ready, as an orchestrator would. */
    private void probe() {
        for (Origin origin : origins.values()) {
            if (origin.replicas().count() > 1) {
                for (Replicas.Replica replica : origin.replicas().all()) {
                    isReady(replica).onSuccess(replica::isLive);
                }
            }
        }
    }

    private Future<Boolean> isReady(Replicas.Replica replica) {
        return get(replica, "/q/health/ready")
                .map(answer -> answer.status() == 200)
                .otherwise(false);
    }

    /** Bounds bodies that don't tell their length, and answers for a service that doesn't. */
    private static final class Guard implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            ProxyRequest request = context.request();
            String peer = request.proxiedRequest().remoteAddress().hostAddress();
            request.putHeader("X-Forwarded-For", peer);
            request.setAuthority(request.proxiedRequest().authority());
            boolean isChunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
            if (!isChunked || context.isWebSocket()) {
                return send(context);
            }
            return collect(request)
                    .compose(
                            body -> {
                                if (body.length() > BODY_LIMIT_BYTES) {
                                    return Future.succeededFuture(
                                            answer(context, Problem.BODY_TOO_LARGE));
                                }
                                request.headers().remove(HttpHeaders.TRANSFER_ENCODING);
                                request.setBody(Body.body(body));
                                return send(context);
                            });
        }

        private static Future<ProxyResponse> send(ProxyContext context) {
            return context.sendRequest()
                    .recover(
                            cause ->
                                    Future.succeededFuture(
                                            answer(context, problemOf(context, cause))));
        }

        /** Reads to the end, keeping no more than it takes to know that it is too much. */
        private static Future<Buffer> collect(ProxyRequest request) {
            Promise<Buffer> whole = Promise.promise();
            Buffer body = Buffer.buffer();
            request.getBody().stream()
                    .exceptionHandler(whole::tryFail)
                    .endHandler(end -> whole.tryComplete(body))
                    .handler(
                            piece -> {
                                if (body.length() <= BODY_LIMIT_BYTES) {
                                    body.appendBuffer(piece);
                                }
                            })
                    .resume();
            return whole.future();
        }

        private static Problem problemOf(ProxyContext context, Throwable cause) {
            if (cause instanceof ConnectException
                    || cause instanceof ConnectionPoolTooBusyException) {
                return Problem.SERVICE_UNAVAILABLE;
            }
            if (cause instanceof TimeoutException) {
                return Problem.SERVICE_SILENT;
            }
            boolean changesNothing = context.request().getMethod().equals(HttpMethod.GET);
            return changesNothing ? Problem.SERVICE_UNAVAILABLE : Problem.OUTCOME_UNKNOWN;
        }

        private static ProxyResponse answer(ProxyContext context, Problem problem) {
            ProxyResponse response =
                    context.request()
                            .release()
                            .response()
                            .setStatusCode(problem.status())
                            .setBody(
                                    Body.body(problem.body(), MediaType.parse(Problem.MEDIA_TYPE)));
            if (problem.isPassing()) {
                response.putHeader(HttpHeaders.RETRY_AFTER, "1");
            }
            return response;
        }
    }

    /**
     * Answers at once, then lets the rest of the body run dry for a while: a client that is still
     * writing would otherwise see a broken connection instead of the answer.
     */
    private void refuse(HttpServerRequest request, Problem problem) {
        HttpServerResponse response = request.response();
        response.setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(problem.body());
        if (!request.isEnded()) {
            long timer = vertx.setTimer(DRAIN_LIMIT_MILLIS, late -> request.connection().close());
            request.endHandler(end -> vertx.cancelTimer(timer));
            request.exceptionHandler(broken -> vertx.cancelTimer(timer));
        }
    }

    private void relay(HttpServerRequest request, String label, String path) {
        for (Service service : Service.values()) {
            if (service.label().equals(label)) {
                get(origin(service).replicas().next(), path)
                        .onSuccess(
                                answer ->
                                        request.response()
                                                .setStatusCode(answer.status())
                                                .putHeader(HttpHeaders.CONTENT_TYPE, answer.type())
                                                .end(answer.body()))
                        .onFailure(down -> refuse(request, Problem.SERVICE_UNAVAILABLE));
                return;
            }
        }
        refuse(request, Problem.PATH_UNKNOWN);
    }

    private record Answer(int status, String type, Buffer body) {}

    private Future<Answer> get(Replicas.Replica replica, String path) {
        RequestOptions options =
                new RequestOptions()
                        .setServer(replica.address())
                        .setURI(path)
                        .setIdleTimeout(CONNECT_TIMEOUT_MILLIS);
        return client.request(options)
                .compose(HttpClientRequest::send)
                .compose(
                        response ->
                                response.body()
                                        .map(
                                                body ->
                                                        new Answer(
                                                                response.statusCode(),
                                                                response.getHeader(
                                                                        HttpHeaders.CONTENT_TYPE),
                                                                body)));
    }

    private Future<Boolean> isAnyReady(Replicas replicas) {
        return Future.all(replicas.all().stream().map(this::isReady).toList())
                .map(all -> all.list().contains(true));
    }

    private void answerHealth(HttpServerResponse response) {
        List<Future<Boolean>> looks = new ArrayList<>();
        JsonObject services = new JsonObject();
        for (Service service : Service.values()) {
            looks.add(
                    isAnyReady(origin(service).replicas())
                            .onSuccess(
                                    isUp -> services.put(service.label(), isUp ? "UP" : "DOWN")));
        }
        Future.all(looks)
                .onSuccess(
                        all -> {
                            boolean isUp = !all.list().contains(false);
                            response.setStatusCode(isUp ? 200 : 503)
                                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                                    .end(
                                            new JsonObject()
                                                    .put("status", isUp ? "UP" : "DOWN")
                                                    .put("services", services)
                                                    .toBuffer());
                        });
    }
}
