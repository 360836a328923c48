package io.perpetua.edge.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bucket4j.TimeMeter;
import io.netty.channel.Channel;
import io.perpetua.edge.ClientAddress;
import io.perpetua.edge.Problem;
import io.perpetua.edge.RateBudgets;
import io.perpetua.edge.RateClass;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * Serves {@code /v1/stream} where the service has channels. It speaks to Vert.x' own WebSocket,
 * which tells when bytes wait that the client does not read.
 */
@Singleton
class StreamEndpoint {
    private static final String PATH = "/v1/stream";

    private final Instance<StreamChannels> channels;
    private final StreamHub hub;
    private final StreamConfig config;
    private final StreamMetrics metrics;
    private final RateBudgets budgets;
    private final ObjectMapper json;
    private final StreamGate gate;

    StreamEndpoint(
            Instance<StreamChannels> channels,
            StreamHub hub,
            StreamConfig config,
            StreamMetrics metrics,
            RateBudgets budgets,
            ObjectMapper json) {
        this.channels = channels;
        this.hub = hub;
        this.config = config;
        this.metrics = metrics;
        this.budgets = budgets;
        this.json = json;
        this.gate = new StreamGate(config.connectionsMax(), config.connectionsPerAddressMax());
    }

    void register(@Observes Router router) {
        if (channels.isResolvable()) {
            router.get(PATH).handler(this::open);
        }
    }

    private void open(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            refuse(context, Problem.of(426, "UPGRADE_REQUIRED", PATH + " is a WebSocket"), 0);
            return;
        }
        long address = ClientAddress.network(ClientAddress.of(request));
        RateBudgets.Charge charge = budgets.charge(RateClass.READ, null, address);
        if (!charge.passed()) {
            refuse(context, charge.problem(RateClass.READ), charge.retryAfterSeconds());
            return;
        }
        switch (gate.enter(address)) {
            case FULL ->
                    refuse(context, Problem.of(503, "OVERLOADED", "there are too many streams"), 1);
            case ADDRESS_FULL ->
                    refuse(
                            context,
                            Problem.of(
                                    429,
                                    "STREAMS_EXHAUSTED",
                                    "an address has at most "
                                            + config.connectionsPerAddressMax()
                                            + " streams; one carries many topics"),
                            1);
            case ENTERED -> upgrade(request, address);
        }
    }

    private void upgrade(HttpServerRequest request, long address) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        var _ =
                request.toWebSocket()
                        .onFailure(noHandshake -> gate.leave(address))
                        .onSuccess(socket -> begin(socket, channel, address));
    }

    private void begin(ServerWebSocket socket, Channel channel, long address) {
        StreamLoop loop = hub.of(channel.eventLoop());
        StreamConnection connection =
                new StreamConnection(
                        loop,
                        new Outlet(socket, channel),
                        config,
                        channels.get(),
                        json,
                        metrics,
                        TimeMeter.SYSTEM_NANOTIME);
        loop.add(connection);
        metrics.connected();
        socket.setWriteQueueMaxSize(config.queueBytesMax())
                .frameHandler(frame -> connection.frame())
                .drainHandler(read -> connection.drained())
                .exceptionHandler(
                        broken -> {
                            if (!isGone(broken)) {
                                connection.close(StreamClose.TOO_LARGE);
                            }
                        })
                .closeHandler(
                        closed -> {
                            loop.remove(connection);
                            metrics.disconnected();
                            gate.leave(address);
                        });
        socket.textMessageHandler(text -> connection.text(text));
        socket.binaryMessageHandler(bytes -> connection.close(StreamClose.NOT_TEXT));
    }

    /** Whether a connection ended under a stream, with or without a word. */
    private static boolean isGone(Throwable broken) {
        return broken instanceof IOException || broken instanceof HttpClosedException;
    }

    private record Outlet(ServerWebSocket socket, Channel channel) implements StreamOutlet {
        @Override
        public boolean isFull() {
            return socket.writeQueueFull();
        }

        @Override
        public void write(String text) {
            var _ = socket.writeFinalTextFrame(text);
        }

        @Override
        public void ping() {
            var _ = socket.writePing(Buffer.buffer());
        }

        @Override
        public void pause() {
            socket.pause();
        }

        @Override
        public void resume() {
            socket.resume();
        }

        @Override
        public void close(StreamClose why) {
            socket.resume();
            var _ = socket.close(why.code(), why.reason());
        }

        @Override
        public void abort() {
            var _ = channel.close();
        }
    }

    private void refuse(RoutingContext context, Problem problem, long retryAfterSeconds) {
        if (retryAfterSeconds > 0) {
            context.response().putHeader("Retry-After", Long.toString(retryAfterSeconds));
        }
        if (problem.status() == 426) {
            context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
        }
        try {
            var _ =
                    context.response()
                            .setStatusCode(problem.status())
                            .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                            .end(json.writeValueAsString(problem));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
