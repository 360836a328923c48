package io.perpetua.marketdata;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks as Pyth's Hermes, Binance (spot and futures), Coinbase and Kraken do, to
 * those who ask as they want to be asked, every 100 ms; and that can be made to lie, fall silent,
 * send garbage, hang up and refuse.
 */
public final class LocalVenues implements QuarkusTestResourceLifecycleManager {
    static final String BTC_FEED =
            "e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43";
    private static final long EVERY_MILLIS = 100;
    private static final List<String> GARBAGE =
            List.of(
                    "",
                    "not json",
                    "[]",
                    "null",
                    "{\"channel\":\"ticker\",\"type\":\"update\",\"data\":7}",
                    "{\"channel\":\"ticker\",\"data\":[{\"symbol\":\"BTC/USD\",\"bid\":\"x\"}]}",
                    "{\"channel\":\"ticker\",\"data\":[{\"symbol\":\"BTC/USD\",\"bid\":1e999,\"ask\":2}]}",
                    "{\"channel\":\"ticker\",\"data\":[{\"symbol\":\"BTC/USD\",\"bid\":2,\"ask\":1}]}",
                    "{\"channel\":\"ticker\",\"data\":[{\"symbol\":\"DOGE/USD\",\"bid\":1,\"ask\":2}]}",
                    "{\"channel\":\"ticker\",\"data\":[{\"symbol\":\"BTC/USD\",\"bid\":1,\"ask\":2,"
                            + "\"timestamp\":\"2199-01-01T00:00:00Z\"}]}",
                    "{\"channel\":\"ticker\",\"data\":[{\"symbol\":\"BTC/USD\",\"bid\":1,\"ask\":2,"
                            + "\"timestamp\":\"2009-01-01T00:00:00Z\"}]}",
                    "[".repeat(5_000),
                    "9".repeat(100_000));

    static final Venue HERMES = new Venue();
    static final Venue BINANCE = new Venue();
    static final Venue COINBASE = new Venue();
    static final Venue KRAKEN = new Venue();
    static final Venue FUTURES = new Venue();

    private Vertx vertx;

    /** One venue's mood and what it says. */
    static final class Venue {
        volatile BigDecimal btc = new BigDecimal("60000");
        volatile Mood mood = Mood.WELL;

        /** Of Pyth alone: an exchange's is half its spread. */
        volatile BigDecimal confidence = new BigDecimal("2.5");

        /** What it says its slot is, once; 0 for what it should be: of Pyth alone. */
        final AtomicLong oddSlot = new AtomicLong();

        /** How far its prices lag behind: of Pyth alone. */
        volatile Duration delay = Duration.ZERO;

        /** When its clock stopped; null while it goes: of Pyth alone. */
        volatile @Nullable Instant stoppedAt;

        final AtomicInteger connections = new AtomicInteger();
        private final Set<Runnable> hangUps = ConcurrentHashMap.newKeySet();

        /** Hangs up on everybody. */
        void cut() {
            hangUps.forEach(Runnable::run);
        }

        private BigDecimal bid() {
            return btc.subtract(BigDecimal.ONE);
        }

        private BigDecimal ask() {
            return btc.add(BigDecimal.ONE);
        }
    }

    enum Mood {
        WELL,
        SILENT,
        GARBAGE,
        REFUSING
    }

    @Override
    public Map<String, String> start() {
        vertx = Vertx.vertx();
        int port =
                vertx.createHttpServer()
                        .requestHandler(this::answer)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join()
                        .actualPort();
        String prefix = "perpetua.market-data.sources.";
        String socket = "ws://127.0.0.1:" + port;
        return Map.ofEntries(
                Map.entry(prefix + "pyth.url", "http://127.0.0.1:" + port + "/hermes"),
                Map.entry(prefix + "pyth.products", "BTC/USD=" + BTC_FEED),
                Map.entry(prefix + "pyth.token", "secret"),
                Map.entry(prefix + "binance.url", socket + "/binance"),
                Map.entry(prefix + "binance.products", "BTC/USD=BTCUSDT"),
                Map.entry(prefix + "futures.kind", "binance"),
                Map.entry(prefix + "futures.role", "perps"),
                Map.entry(prefix + "futures.url", socket + "/futures"),
                Map.entry(prefix + "futures.products", "BTC/USD=BTCUSDT"),
                Map.entry(prefix + "coinbase.url", socket + "/coinbase"),
                Map.entry(prefix + "coinbase.products", "BTC/USD=BTC-USD"),
                Map.entry(prefix + "kraken.url", socket + "/kraken"),
                Map.entry(prefix + "kraken.products", "BTC/USD=BTC/USD"));
    }

    /** Quarkus tells Vert.x to take no WebSockets by itself. */
    private void answer(HttpServerRequest request) {
        if (request.path().startsWith("/hermes")) {
            hermes(request);
        } else {
            request.toWebSocket().onSuccess(this::socket);
        }
    }

    private void hermes(HttpServerRequest request) {
        Venue venue = HERMES;
        venue.connections.incrementAndGet();
        if (venue.mood == Mood.REFUSING) {
            request.response().setStatusCode(429).end();
            return;
        }
        boolean asksRightly =
                request.path().equals("/hermes/v2/updates/price/stream")
                        && request.getParam("ids[]").equals(BTC_FEED)
                        && request.getParam("parsed").equals("true")
                        && "Bearer secret".equals(request.getHeader("Authorization"));
        if (!asksRightly) {
            request.response().setStatusCode(400).end();
            return;
        }
        request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
        request.response().write(":ok\n\n");
        speak(
                venue,
                text -> request.response().write("data:" + text + "\n\n"),
                () -> request.connection().close(),
                () -> hermesEvent(venue),
                closed -> request.connection().closeHandler(gone -> closed.run()));
    }

    private static String hermesEvent(Venue venue) {
        Instant stoppedAt = venue.stoppedAt;
        long now =
                (stoppedAt == null ? Instant.now() : stoppedAt).minus(venue.delay).getEpochSecond();
        String price = venue.btc.movePointRight(8).toBigInteger().toString();
        long odd = venue.oddSlot.getAndSet(0);
        return """
        {"binary":{"encoding":"base64","data":["UE5BVQEAAAADuAEAAAAEDQ=="]},"parsed":[{"id":"%s",\
        "price":{"price":"%s","conf":"%s","expo":-8,"publish_time":%d},\
        "ema_price":{"price":"%s","conf":"3061770000","expo":-8,"publish_time":%d},\
        "metadata":{"slot":%d,"proof_available_time":%d,"prev_publish_time":%d}}]}\
        """
                .formatted(
                        BTC_FEED,
                        price,
                        venue.confidence.movePointRight(8).toBigInteger(),
                        now,
                        price,
                        now,
                        odd == 0 ? now * 5 / 2 : odd,
                        now,
                        now - 1);
    }

    private void socket(ServerWebSocket socket) {
        switch (socket.path()) {
            case "/binance/stream" -> {
                boolean asksRightly = "streams=btcusdt@ticker".equals(socket.query());
                serve(BINANCE, socket, asksRightly ? this::binanceTicker : null);
            }
            case "/futures/stream" -> {
                boolean asksRightly = "streams=btcusdt@bookTicker".equals(socket.query());
                serve(FUTURES, socket, asksRightly ? this::futuresBook : null);
            }
            case "/coinbase" ->
                    socket.textMessageHandler(
                            asked ->
                                    serve(
                                            COINBASE,
                                            socket,
                                            asked.equals(
                                                            "{\"type\":\"subscribe\",\"product_ids\":"
                                                                    + "[\"BTC-USD\"],\"channels\":"
                                                                    + "[\"ticker\"]}")
                                                    ? this::coinbaseTicker
                                                    : null));
            case "/kraken" ->
                    socket.textMessageHandler(
                            asked ->
                                    serve(
                                            KRAKEN,
                                            socket,
                                            asked.contains("\"method\":\"subscribe\"")
                                                            && asked.contains(
                                                                    "\"symbol\":[\"BTC/USD\"]")
                                                    ? this::krakenTicker
                                                    : null));
            default -> socket.close();
        }
    }

    private String binanceTicker() {
        return """
        {"stream":"btcusdt@ticker","data":{"e":"24hrTicker","E":%d,"s":"BTCUSDT","p":"0.0015",\
        "P":"250.00","w":"0.0018","x":"0.0009","c":"%s","Q":"10","b":"%s","B":"10","a":"%s",\
        "A":"100","o":"0.0010","h":"0.0025","l":"0.0010","v":"10000","q":"18","O":0,"C":86400000,\
        "F":0,"L":18150,"n":18151}}\
        """
                .formatted(System.currentTimeMillis(), BINANCE.btc, BINANCE.bid(), BINANCE.ask());
    }

    private String futuresBook() {
        long now = System.currentTimeMillis();
        return """
        {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":400900217,"E":%d,"T":%d,\
        "s":"BTCUSDT","b":"%s","B":"31.21","a":"%s","A":"40.66"}}\
        """
                .formatted(now, now - 2, FUTURES.bid(), FUTURES.ask());
    }

    private String coinbaseTicker() {
        return """
        {"type":"ticker","sequence":37475248783,"product_id":"BTC-USD","price":"%s",\
        "open_24h":"1310.79","volume_24h":"245532.79269678","low_24h":"1280.52",\
        "high_24h":"1313.8","volume_30d":"9788783.60117027","best_bid":"%s",\
        "best_bid_size":"0.46688654","best_ask":"%s","best_ask_size":"1.56637040","side":"buy",\
        "time":"%s","trade_id":370843401,"last_size":"11.4396987"}\
        """
                .formatted(COINBASE.btc, COINBASE.bid(), COINBASE.ask(), Instant.now());
    }

    private String krakenTicker() {
        return String.format(
                Locale.ROOT,
                """
                {"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":%s,\
                "bid_qty":740.0,"ask":%s,"ask_qty":1361.44813783,"last":%s,\
                "volume":997038.98383185,"vwap":0.10148,"low":0.09979,"high":0.10285,\
                "change":-0.00017,"change_pct":-0.17,"timestamp":"%s"}]}\
                """,
                KRAKEN.bid(),
                KRAKEN.ask(),
                KRAKEN.btc,
                Instant.now());
    }

    private void serve(Venue venue, ServerWebSocket socket, Quote quote) {
        venue.connections.incrementAndGet();
        if (quote == null || venue.mood == Mood.REFUSING) {
            socket.close();
            return;
        }
        speak(
                venue,
                socket::writeTextMessage,
                socket::close,
                quote,
                closed -> socket.closeHandler(gone -> closed.run()));
    }

    private interface Quote {
        String now();
    }

    private interface Mouth {
        void say(String text);
    }

    private interface Closing {
        void tell(Runnable closed);
    }

    private void speak(Venue venue, Mouth mouth, Runnable hangUp, Quote quote, Closing closing) {
        AtomicInteger spoken = new AtomicInteger();
        long timer =
                vertx.setPeriodic(
                        EVERY_MILLIS,
                        tick -> {
                            switch (venue.mood) {
                                case WELL -> mouth.say(quote.now());
                                case GARBAGE ->
                                        mouth.say(
                                                GARBAGE.get(
                                                        spoken.getAndIncrement() % GARBAGE.size()));
                                case SILENT, REFUSING -> {}
                            }
                        });
        venue.hangUps.add(hangUp);
        closing.tell(
                () -> {
                    vertx.cancelTimer(timer);
                    venue.hangUps.remove(hangUp);
                });
    }

    @Override
    public void stop() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
