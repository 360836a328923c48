package io.perpetua.bench;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.app.MarketDataConfig.SourceKind;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import io.perpetua.testkit.ServiceProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * From a source's message to the mark, at market-data-service itself, with PostgreSQL and Kafka.
 * Three venues quote every market, each in its own format. Now and then a market moves by some
 * basis points: the second venue that says so moves the median. From when its message was handed to
 * the socket, to when the mark of the new price was read from the log, and from a stream.
 */
@Command(
        name = "marks",
        description = "From a source's message to the published mark, on backends of its own.",
        mixinStandardHelpOptions = true)
final class MarksBench implements Callable<Integer> {
    private static final String MODULE = "market-data-service";
    private static final int SHARDS = 3 * Partitions.MARKETS;
    private static final int FIRST_ID = 101;
    private static final String COMMITS = "perpetua_eventlog_commit_seconds";
    private static final String PRICES = "group=\"market-data-prices\"";
    private static final List<SourceKind> KINDS =
            List.of(SourceKind.BINANCE, SourceKind.COINBASE, SourceKind.KRAKEN);
    private static final long BASE_CENTS = 1_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long UNITS_PER_CENT = 1_000_000;

    @Spec private CommandSpec spec;

    @Option(names = "--markets", defaultValue = "50", description = "(default ${DEFAULT-VALUE})")
    private int markets;

    @Option(
            names = "--rate",
            defaultValue = "10000",
            description = "messages a second of all venues together (default ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--moves",
            defaultValue = "4",
            description = "moves a second of each market, at most 5 (default ${DEFAULT-VALUE})")
    private int moves;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "how long is measured (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "30",
            description = "seconds before that (default ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--jvm-option", description = "of the service, for example to profile it")
    private List<String> jvmOptions = List.of();

    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<SourceKind, ServerWebSocket> sockets = new ConcurrentHashMap<>();
    private final Histogram inLog = new SynchronizedHistogram(3);
    private final Histogram made = new SynchronizedHistogram(3);
    private final Histogram inStream = new SynchronizedHistogram(3);
    private Venue[] venues = new Venue[0];
    private volatile boolean measuring;
    private volatile boolean over;
    private long marksRead;
    private int overtaken;

    /** A price that a mark is awaited at, and since when. */
    private record Awaited(long cents, long sinceNanos, long sinceMillis) {
        boolean isAt(long priceUnits) {
            return Math.abs(priceUnits / UNITS_PER_CENT - cents) < cents / 10_000;
        }
    }

    /** A market as the venues quote it; moved by one thread. */
    private static final class Venue {
        private final int id;
        private final long[] cents = new long[KINDS.size()];
        private long level = BASE_CENTS;
        private long moveAtNanos;
        private int told;
        private volatile @Nullable Awaited log;
        private volatile @Nullable Awaited stream;

        Venue(int id) {
            this.id = id;
            Arrays.fill(cents, level);
        }
    }

    @Override
    public Integer call() throws Exception {
        Backends backends = Backends.shared();
        Database database = backends.createDatabase();
        Path cache = Files.createTempDirectory("perpetua-bench-").resolve("market-data.aot");
        venues =
                IntStream.range(0, markets)
                        .mapToObj(i -> new Venue(FIRST_ID + i))
                        .toArray(Venue[]::new);
        Vertx vertx = Vertx.vertx();
        try {
            int port =
                    vertx.createHttpServer()
                            .requestHandler(this::answer)
                            .listen(0, "127.0.0.1")
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .actualPort();
            List<String> options = new ArrayList<>(sources(port));
            options.add("-Xmx512m");
            try (ServiceProcess first =
                    ServiceProcess.start(MODULE, backends, database, 1, cache, options)) {
                first.awaitReady(SHARDS);
            }
            list(backends, database);
            options.addAll(jvmOptions);
            try (ServiceProcess service =
                    ServiceProcess.start(MODULE, backends, database, 1, cache, options)) {
                service.awaitReady(SHARDS);
                measure(service, backends);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            Files.deleteIfExists(cache);
            Files.delete(cache.getParent());
        }
        return 0;
    }

    private List<String> sources(int port) {
        List<String> options = new ArrayList<>();
        String prefix = "-Dperpetua.market-data.";
        options.add(prefix + "feed=sources");
        options.add(prefix + "sources.pyth.enabled=false");
        for (SourceKind kind : KINDS) {
            String source = prefix + "sources." + kind.name().toLowerCase(Locale.ROOT);
            options.add(source + ".url=ws://127.0.0.1:" + port + "/" + kind.name());
            options.add(
                    IntStream.range(0, markets)
                            .map(i -> FIRST_ID + i)
                            .mapToObj(id -> "oracle-" + id + "=" + VenueMessages.product(kind, id))
                            .collect(Collectors.joining(",", source + ".products=", "")));
        }
        return options;
    }

    private void answer(HttpServerRequest request) {
        request.toWebSocket()
                .onSuccess(
                        socket ->
                                sockets.put(
                                        SourceKind.valueOf(socket.path().split("/", -1)[1]),
                                        socket));
    }

    /** Lists the markets in the database, and in the topic that streams know them by. */
    private void list(Backends backends, Database database) throws SQLException {
        try (Connection connection = database.connect("postgres");
                KafkaProducer<byte[], byte[]> topic =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", backends.bootstrapServers()),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            for (Venue venue : venues) {
                Market market = BenchMarket.of(new MarketId(venue.id), 5_000);
                byte[] definition = EventCodec.encode(Market.class, market);
                try (PreparedStatement insert =
                        connection.prepareStatement(
                                """
                                with version as (
                                    insert into market_data.market_version
                                    values (?, 1, ?::jsonb, 0, 0, 'bench', 'bench') returning market_id)
                                insert into market_data.market (market_id, symbol, version)
                                select market_id, ?, 1 from version
                                """)) {
                    insert.setInt(1, venue.id);
                    insert.setString(2, new String(definition, StandardCharsets.UTF_8));
                    insert.setString(3, market.symbol());
                    insert.executeUpdate();
                }
                var _ =
                        topic.send(
                                new ProducerRecord<>(
                                        Topics.MARKETS.name(),
                                        Partitions.of(market.id()),
                                        market.id().toString().getBytes(StandardCharsets.UTF_8),
                                        definition));
            }
            topic.flush();
        }
    }

    private void measure(ServiceProcess service, Backends backends) throws Exception {
        service.await("asked by all venues", () -> sockets.size() == KINDS.size());
        Thread reader = Thread.ofPlatform().start(() -> readLog(backends));
        HttpClient http = HttpClient.newHttpClient();
        WebSocket stream = subscribe(http, service);
        speak(warmUp);
        measuring = true;
        double cpuBefore = service.cpuSeconds();
        double commits = service.metric(COMMITS + "_count", PRICES);
        double commitSeconds = service.metric(COMMITS + "_sum", PRICES);
        Publications publications = Publications.of(service);
        long began = System.nanoTime();
        long marksBefore = marksRead;
        speak(seconds);
        double took = (System.nanoTime() - began) / 1e9;
        measuring = false;
        print(
                "%,d messages a second of %d markets, each of which moves %d times a second",
                rate, markets, moves);
        double cpu = service.cpuSeconds() - cpuBefore;
        commits = service.metric(COMMITS + "_count", PRICES) - commits;
        commitSeconds = service.metric(COMMITS + "_sum", PRICES) - commitSeconds;
        print(
                "%,.0f marks and %,.0f commits of prices a second, of %.1f ms each; the service takes"
                        + " %.0f %% of a core",
                (marksRead - marksBefore) / took,
                commits / took,
                1_000 * commitSeconds / commits,
                100 * cpu / took);
        publications = Publications.of(service).since(publications);
        print(
                "from a message heard to its mark in the log, by the service's own histogram:"
                        + " %,.0f marks, %.2f %% within 5 ms, %.2f %% within 10 ms, %.2f %% within 20 ms",
                publications.all(),
                100 * publications.within5() / publications.all(),
                100 * publications.within10() / publications.all(),
                100 * publications.within20() / publications.all());
        show("to the price made of it", made);
        show("to the log", inLog);
        show("to a stream", inStream);
        print("%,d moves were overtaken by the next one before their mark was read", overtaken);
        over = true;
        stream.abort();
        reader.join();
    }

    /** How many marks the service published, and how many so soon after their message. */
    private record Publications(double all, double within5, double within10, double within20) {
        private static final String TIMER = "perpetua_price_publication_seconds";

        static Publications of(ServiceProcess service) throws Exception {
            return new Publications(
                    service.metric(TIMER + "_count"),
                    service.metric(TIMER + "_bucket", "le=\"0.005\""),
                    service.metric(TIMER + "_bucket", "le=\"0.01\""),
                    service.metric(TIMER + "_bucket", "le=\"0.02\""));
        }

        Publications since(Publications before) {
            return new Publications(
                    all - before.all,
                    within5 - before.within5,
                    within10 - before.within10,
                    within20 - before.within20);
        }
    }

    private void show(String where, Histogram nanos) {
        print(
                "from message %s: %,d moves, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, longest %.1f ms",
                where,
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(90) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getMaxValue() / 1e6);
    }

    /** Says so many messages every millisecond; a pause is not caught up with. */
    private void speak(int forSeconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(forSeconds);
        long due = System.nanoTime();
        while (due < until) {
            for (int i = 0; i < rate / 1_000; i++) {
                say(venues[random.nextInt(markets)], random.nextInt(KINDS.size()));
            }
            due = Math.max(due + NANOS_PER_MILLI, System.nanoTime() - 10 * NANOS_PER_MILLI);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private void say(Venue venue, int kind) {
        long now = System.nanoTime();
        if (now >= venue.moveAtNanos) {
            move(venue, now);
        }
        boolean isNews = venue.cents[kind] != venue.level;
        venue.cents[kind] = venue.level;
        long cents = venue.level + random.nextInt(-5, 6);
        SourceKind source = KINDS.get(kind);
        String message =
                VenueMessages.quote(
                        source,
                        VenueMessages.product(source, venue.id),
                        BigDecimal.valueOf(cents - 5, 2).toPlainString(),
                        BigDecimal.valueOf(cents + 5, 2).toPlainString(),
                        System.currentTimeMillis());
        if (isNews && ++venue.told == 2) {
            Awaited awaited =
                    new Awaited(venue.level, System.nanoTime(), System.currentTimeMillis());
            venue.log = awaited;
            venue.stream = awaited;
        }
        ServerWebSocket socket = sockets.get(source);
        if (socket != null) {
            var _ = socket.writeTextMessage(message);
        }
    }

    /** By 5 to 20 basis points, so that no mark of the old price is taken for one of the new. */
    private void move(Venue venue, long now) {
        if (measuring && venue.log != null) {
            overtaken++;
        }
        venue.log = null;
        venue.stream = null;
        long step = random.nextLong(500, 2_000) * (venue.level > BASE_CENTS ? -1 : 1);
        venue.level += step;
        venue.told = 0;
        venue.moveAtNanos = now + random.nextLong(2 * TimeUnit.SECONDS.toNanos(1) / moves);
        venue.moveAtNanos = Math.max(venue.moveAtNanos, now + TimeUnit.MILLISECONDS.toNanos(100));
    }

    private void readLog(Backends backends) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", backends.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> all =
                    IntStream.range(0, Topics.MARK_PRICES.partitions())
                            .mapToObj(i -> new TopicPartition(Topics.MARK_PRICES.name(), i))
                            .toList();
            consumer.assign(all);
            consumer.seekToEnd(all);
            while (!over) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    MarkPrice mark = EventCodec.decode(MarkPrice.class, record.value());
                    int index = mark.market().value() - FIRST_ID;
                    if (index >= 0) {
                        marksRead++;
                        Venue venue = venues[index];
                        Awaited awaited = venue.log;
                        if (arrived(awaited, mark.mark().units(), inLog)) {
                            venue.log = null;
                            if (measuring && awaited != null) {
                                made.recordValue(
                                        NANOS_PER_MILLI
                                                * Math.max(
                                                        0,
                                                        mark.atMillis() - awaited.sinceMillis()));
                            }
                        }
                    }
                }
            }
        }
    }

    private boolean arrived(@Nullable Awaited awaited, long priceUnits, Histogram nanos) {
        if (awaited == null || !awaited.isAt(priceUnits)) {
            return false;
        }
        if (measuring) {
            nanos.recordValue(System.nanoTime() - awaited.sinceNanos());
        }
        return true;
    }

    private WebSocket subscribe(HttpClient http, ServiceProcess service) throws Exception {
        URI url = URI.create(service.url().toString().replace("http:", "ws:") + "/v1/stream");
        WebSocket socket = http.newWebSocketBuilder().buildAsync(url, new MarksListener()).get();
        for (Venue venue : venues) {
            socket.sendText(
                            "{\"op\":\"subscribe\",\"channel\":\"marks\",\"market\":\"%s\"}"
                                    .formatted(BenchMarket.symbol(venue.id)),
                            true)
                    .get();
        }
        return socket;
    }

    private final class MarksListener implements WebSocket.Listener {
        private static final String MARKET = "\"market\":\"M";
        private static final String MARK = "\"mark\":\"";
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String message) {
            int market = message.indexOf(MARKET);
            int mark = message.indexOf(MARK);
            if (market < 0 || mark < 0) {
                return;
            }
            int id =
                    Integer.parseInt(
                            message.substring(
                                    market + MARKET.length(), message.indexOf("-PERP", market)));
            int begin = mark + MARK.length();
            Price price = Price.parse(message.substring(begin, message.indexOf('"', begin)));
            Venue venue = venues[id - FIRST_ID];
            if (arrived(venue.stream, price.units(), inStream)) {
                venue.stream = null;
            }
        }
    }

    private void print(String line, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, line + "%n", values);
        out.flush();
    }
}
