package io.perpetua.marketdata.messaging.source;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.marketdata.app.PriceSources.Outside;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.parsetools.RecordParser;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A source's one connection: when it ends, in whatever way, or brings no news of any product for
 * {@code silenceMillisMax}, it is made anew after a wait. Everything happens on one event loop, and
 * nothing queues: of each product the newest price is kept. {@code
 * perpetua_oracle_source_connected} is 1 while it brings news, and {@code
 * perpetua_oracle_source_disconnects_total} counts its ends.
 */
final class SourceLink implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SourceLink.class);
    private static final int CONNECT_MILLIS = 5_000;

    /** A message of Hermes holds the signed update of all its products besides their prices. */
    private static final int LONGEST_MESSAGE = 262_144;

    private static final int LONGEST_FRAME = 65_536;
    private static final String DATA = "data:";

    private final Vertx vertx;
    private final Outside source;
    private final SourceFormat format;
    private final SourceListener listener;
    private final Backoff backoff;
    private final long silenceMillisMax;
    private final Clock clock;
    private final HttpClient http;
    private final WebSocketClient sockets;
    private final Context context;
    private final AtomicInteger connected = new AtomicInteger();
    private final Counter disconnects;
    private @Nullable Attempt attempt;
    private boolean closed;

    SourceLink(
            Vertx vertx,
            Outside source,
            SourceListener listener,
            SourceFormat format,
            Backoff backoff,
            long silenceMillisMax,
            MeterRegistry metrics,
            Clock clock) {
        this.vertx = vertx;
        this.source = source;
        this.format = format;
        this.listener = listener;
        this.backoff = backoff;
        this.silenceMillisMax = silenceMillisMax;
        this.clock = clock;
        http =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setKeepAlive(false)
                                .setConnectTimeout(CONNECT_MILLIS));
        sockets =
                vertx.createWebSocketClient(
                        new WebSocketClientOptions()
                                .setConnectTimeout(CONNECT_MILLIS)
                                .setMaxFrameSize(LONGEST_FRAME)
                                .setMaxMessageSize(LONGEST_MESSAGE));
        context = vertx.getOrCreateContext();
        Gauge.builder("perpetua.oracle.source.connected", connected, AtomicInteger::get)
                .tag("source", source.name())
                .register(metrics);
        disconnects =
                metrics.counter("perpetua.oracle.source.disconnects", "source", source.name());
    }

    /** Connects, and stays connected. */
    void open() {
        context.runOnContext(begin -> connect());
    }

    private void connect() {
        if (closed) {
            return;
        }
        Attempt now = new Attempt();
        attempt = now;
        if (format.isEventStream()) {
            now.listenToEvents();
        } else {
            now.listenToSocket();
        }
    }

    /** One connection, from its making to its end. All of it runs on the link's context. */
    private final class Attempt {
        private final long watch;
        private long newsAtNanos = System.nanoTime();
        private boolean ended;
        private Runnable hangUp = () -> {};

        Attempt() {
            long everyMillis = Math.max(1, silenceMillisMax / 4);
            watch = vertx.setPeriodic(everyMillis, timer -> checkSilence());
        }

        private void checkSilence() {
            long silentNanos = System.nanoTime() - newsAtNanos;
            if (silentNanos > TimeUnit.MILLISECONDS.toNanos(silenceMillisMax)) {
                end("no news for " + silenceMillisMax + " ms");
            }
        }

        private String address() {
            return source.config().url() + format.path(source.newest().keySet());
        }

        void listenToEvents() {
            RequestOptions request =
                    new RequestOptions()
                            .setMethod(HttpMethod.GET)
                            .setAbsoluteURI(address())
                            .putHeader("Accept", "text/event-stream");
            source.config()
                    .token()
                    .ifPresent(token -> request.putHeader("Authorization", "Bearer " + token));
            http.request(request)
                    .compose(
                            sent -> {
                                hangUp = () -> sent.reset();
                                return sent.send();
                            })
                    .onSuccess(this::readEvents)
                    .onFailure(failed -> end(String.valueOf(failed.getMessage())));
        }

        private void readEvents(HttpClientResponse response) {
            if (ended) {
                hangUp.run();
                return;
            }
            if (response.statusCode() != 200) {
                end("status " + response.statusCode());
                return;
            }
            RecordParser lines = RecordParser.newDelimited("\n", response);
            lines.maxRecordSize(LONGEST_MESSAGE);
            lines.exceptionHandler(failed -> end(String.valueOf(failed.getMessage())));
            lines.endHandler(done -> end("the stream ended"));
            lines.handler(
                    line -> {
                        String text = line.toString();
                        if (text.startsWith(DATA)) {
                            hear(text.substring(DATA.length()).strip());
                        }
                    });
        }

        void listenToSocket() {
            WebSocketConnectOptions options =
                    new WebSocketConnectOptions().setAbsoluteURI(address());
            source.config()
                    .token()
                    .ifPresent(token -> options.putHeader("Authorization", "Bearer " + token));
            sockets.connect(options)
                    .onSuccess(this::readSocket)
                    .onFailure(failed -> end(String.valueOf(failed.getMessage())));
        }

        private void readSocket(WebSocket socket) {
            hangUp = () -> socket.close();
            if (ended) {
                hangUp.run();
                return;
            }
            socket.exceptionHandler(failed -> end(String.valueOf(failed.getMessage())));
            socket.closeHandler(done -> end("the connection was closed"));
            socket.textMessageHandler(this::hear);
            format.greetings(source.newest().keySet()).forEach(socket::writeTextMessage);
        }

        private void hear(String message) {
            if (!ended && listener.hear(message, clock.millis())) {
                newsAtNanos = System.nanoTime();
                backoff.reset();
                connected.set(1);
            }
        }

        private void end(String why) {
            if (ended) {
                return;
            }
            ended = true;
            vertx.cancelTimer(watch);
            connected.set(0);
            hangUp.run();
            if (!closed) {
                disconnects.increment();
                long waitMillis = backoff.next();
                LOG.warnf("source %s is tried again in %d ms: %s", source.name(), waitMillis, why);
                vertx.setTimer(waitMillis, timer -> connect());
            }
        }
    }

    @Override
    public void close() {
        context.runOnContext(
                end -> {
                    closed = true;
                    Attempt last = attempt;
                    if (last != null) {
                        last.end("closed");
                    }
                    http.close();
                    sockets.close();
                });
    }
}
