package io.perpetua.marketdata;

import static io.perpetua.marketdata.LocalVenues.BINANCE;
import static io.perpetua.marketdata.LocalVenues.COINBASE;
import static io.perpetua.marketdata.LocalVenues.HERMES;
import static io.perpetua.marketdata.LocalVenues.KRAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.CandlesImported;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.marketdata.LocalVenues.Venue;
import io.perpetua.testkit.AccountsStandIn;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import io.perpetua.testkit.ServiceProcess;
import io.perpetua.testkit.StreamClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service as a process of its own, ended by {@code kill -9} at the worst moments. */
class KilledIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHARDS = 3 * Partitions.MARKETS;
    private static final MarketId BTC = new MarketId(1);
    private static final MarketId ETH = new MarketId(2);
    private static final int LIVES = 3;
    private static final int PARTS = 4;
    private static final int MINUTES_A_PART = 500;
    private static final Instant FIRST_MINUTE = Instant.parse("2024-02-29T20:00:00Z");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final LocalVenues VENUES = new LocalVenues();
    private static Backends backends;
    private static AccountsStandIn accounts;

    private final Database database = backends.createDatabase();

    @BeforeAll
    static void start() throws IOException {
        backends = Backends.start();
        accounts = AccountsStandIn.start();
    }

    @AfterAll
    static void stop() {
        VENUES.stop();
        accounts.close();
    }

    private ServiceProcess start(List<String> options) throws Exception {
        List<String> all = new ArrayList<>(options);
        all.add("-Xmx256m");
        all.add("-Dperpetua.accounts.url=" + accounts.url());
        ServiceProcess service =
                ServiceProcess.start("market-data-service", backends, database, 1, null, all);
        service.awaitReady(SHARDS);
        return service;
    }

    /**
     * What was published ahead of the commit that would have told of it is not issued again with
     * other content, and a subscriber that comes back is told nothing older than what it knew.
     */
    @Test
    void shouldGoOnAboveWhatItPublishedWhenKilledAheadOfItsCommit() throws Exception {
        long seed = new SplittableRandom().nextLong();
        System.out.println("KilledIT seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> options = new ArrayList<>(List.of("-Dperpetua.market-data.feed=sources"));
        VENUES.start().forEach((name, value) -> options.add("-D" + name + "=" + value));
        long seen = 0;
        int ahead = 0;
        try (Marks marks = new Marks()) {
            for (int life = 0; life < LIVES || ahead == 0; life++) {
                assertThat(life).as("lives in which it was killed ahead").isLessThan(4 * LIVES);
                ServiceProcess service = start(options);
                try (StreamClient client =
                        StreamClient.connect(
                                HTTP,
                                URI.create(
                                        service.url().toString().replaceFirst("http", "ws")
                                                + "/v1/stream"),
                                null)) {
                    client.send(
                            "{\"op\":\"subscribe\",\"channel\":\"marks\",\"market\":\"BTC-PERP\"}");
                    int before = marks.read().sequences.size();
                    int enough = before + random.nextInt(30, 60);
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(20))
                            .until(
                                    () -> {
                                        BigDecimal next =
                                                BigDecimal.valueOf(random.nextLong(60_000, 60_300));
                                        for (Venue venue :
                                                List.of(HERMES, BINANCE, COINBASE, KRAKEN)) {
                                            venue.btc = next;
                                        }
                                        return marks.read().sequences.size() >= enough;
                                    });
                    service.kill();
                    client.awaitClose();
                    marks.readAll();
                    ahead += marks.sequences.getLast() > committedSequence() ? 1 : 0;
                    long known = seen;
                    List<Long> streamed = streamed(client);
                    assertThat(streamed).as("of life %d", life).isNotEmpty().isSorted();
                    assertThat(streamed).allMatch(seq -> seq == 0 || seq >= known);
                    assertThat(client.firstGap()).isNull();
                    seen = streamed.getLast();
                    assertThat(marks.sequences).contains(seen);
                } finally {
                    service.close();
                }
            }
            assertThat(marks.sequences)
                    .as("the same sequence twice, or a lower one after a higher")
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    /** The sequences that a stream told, the snapshot's first. */
    private static List<Long> streamed(StreamClient client) throws IOException {
        List<Long> sequences = new ArrayList<>();
        for (String text = client.poll(); text != null; text = client.poll()) {
            sequences.add(JSON.readTree(text).path("seq").asLong());
        }
        return sequences;
    }

    private long committedSequence() throws SQLException {
        return count("select sequence from market_data.price_state where market_id = 1");
    }

    private long count(String query) throws SQLException {
        try (Connection superuser = database.connect("postgres");
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The marks of BTC in the order of the log. */
    private static final class Marks implements AutoCloseable {
        private final List<Long> sequences = new ArrayList<>();
        private final Map<Long, byte[]> contents = new HashMap<>();
        private final TopicPartition partition =
                new TopicPartition(Topics.MARK_PRICES.name(), Partitions.of(BTC));
        private final KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", backends.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());

        Marks() {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
        }

        Marks read() {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(10))) {
                MarkPrice mark = EventCodec.decode(MarkPrice.class, record.value());
                if (mark.market().equals(BTC)) {
                    byte[] known = contents.put(mark.sequence(), record.value());
                    // A producer that asks again for what it was not told of is no second price.
                    if (known == null || !Arrays.equals(known, record.value())) {
                        sequences.add(mark.sequence());
                    }
                }
            }
            return this;
        }

        void readAll() {
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            await().atMost(PATIENCE).until(() -> read().consumer.position(partition) >= end);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    /**
     * A part of a file is imported or it is not: the one that was being written when its process
     * was killed is not, and sending the whole file again says so and brings about what one sending
     * without a kill does.
     */
    @Test
    void shouldImportTheSameCandlesWhenKilledInTheMiddleOfAPartAndSentAgain() throws Exception {
        int killedIn = 2;
        ReportedDecisions reported = new ReportedDecisions(backends.bootstrapServers());
        try (ServiceProcess first = start(List.of())) {
            for (int part = 0; part < PARTS; part++) {
                assertThat(report(send(first, "ETH-PERP", part).join()))
                        .isEqualTo("imported 500 unchanged 0 rejected 0");
            }
            for (int part = 0; part < killedIn; part++) {
                send(first, "BTC-PERP", part).join();
            }
            killInTheMiddle(first, killedIn);
        }
        assertThat(imported(BTC, 60_000)).isEqualTo((long) killedIn * MINUTES_A_PART);

        try (ServiceProcess second = start(List.of())) {
            for (int part = 0; part < PARTS; part++) {
                assertThat(report(send(second, "BTC-PERP", part).join()))
                        .as("part %d", part)
                        .isEqualTo(
                                part < killedIn
                                        ? "imported 0 unchanged 500 rejected 0"
                                        : "imported 500 unchanged 0 rejected 0");
            }
            for (MarketId market : List.of(BTC, ETH)) {
                await().atMost(PATIENCE)
                        .until(() -> reported.of(market, CandlesImported.class).size() >= PARTS);
                assertThat(reported.of(market, CandlesImported.class))
                        .extracting(CandlesImported::firstMillis, CandlesImported::minutes)
                        .containsExactlyElementsOf(
                                IntStream.range(0, PARTS)
                                        .mapToObj(
                                                part ->
                                                        tuple(
                                                                FIRST_MINUTE
                                                                        .plusSeconds(
                                                                                60L
                                                                                        * part
                                                                                        * MINUTES_A_PART)
                                                                        .toEpochMilli(),
                                                                (long) MINUTES_A_PART))
                                        .toList());
            }
        }
        for (long frame :
                new long[] {60_000, 300_000, 900_000, 3_600_000, 14_400_000, 86_400_000}) {
            assertThat(imported(BTC, frame)).isPositive().isEqualTo(imported(ETH, frame));
        }
        assertThat(
                        count(
                                """
                                select count(*) from (
                                    select to_jsonb(c) - 'market_id' from market_data.candle c
                                    where market_id = 1 and series = 'IMPORT'
                                    except
                                    select to_jsonb(c) - 'market_id' from market_data.candle c
                                    where market_id = 2 and series = 'IMPORT') as other
                                """))
                .isZero();
    }

    /** Another session holds the last minute of the part, so its statement stands there. */
    private void killInTheMiddle(ServiceProcess service, int part) throws Exception {
        long last =
                FIRST_MINUTE.plusSeconds(60L * ((part + 1L) * MINUTES_A_PART - 1)).toEpochMilli();
        try (Connection holder = database.connect("market_data_owner");
                Statement statement = holder.createStatement()) {
            statement.execute("select make_history('candle_1m', array[%d])".formatted(last));
            holder.setAutoCommit(false);
            statement.execute(
                    "insert into candle values (1, 'IMPORT', 60000, %1$d, %1$d, %1$d, 1, 1, 1, 1, 0, 0, 1)"
                            .formatted(last));
            CompletableFuture<HttpResponse<String>> answer = send(service, "BTC-PERP", part);
            String standing =
                    """
                    select count(*) from pg_stat_activity where datname = current_database()
                    and wait_event_type = 'Lock' and query like '%insert into candle%'
                    """;
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> count(standing) == 1);
            service.kill();
            assertThatThrownBy(answer::join).hasCauseInstanceOf(IOException.class);
            holder.rollback();
        }
        await().atMost(PATIENCE)
                .until(
                        () ->
                                count(
                                                """
                                                select count(*) from pg_stat_activity
                                                where datname = current_database()
                                                and usename = 'market_data_shard'
                                                """)
                                        == 0);
    }

    private long imported(MarketId market, long frameMillis) throws SQLException {
        return count(
                "select count(*) from market_data.candle where series = 'IMPORT' and market_id = %d and frame_millis = %d"
                        .formatted(market.value(), frameMillis));
    }

    private static CompletableFuture<HttpResponse<String>> send(
            ServiceProcess service, String symbol, int part) {
        StringBuilder body = new StringBuilder("timestamp,open,high,low,close,volume\n");
        for (int i = 0; i < MINUTES_A_PART; i++) {
            int minute = part * MINUTES_A_PART + i;
            int price = 100 + minute % 37;
            body.append(FIRST_MINUTE.plusSeconds(60L * minute))
                    .append(
                            ",%d,%d,%d,%d,%d.5%n"
                                    .formatted(price, price + 3, price - 2, price + 1, minute));
        }
        return HTTP.sendAsync(
                HttpRequest.newBuilder(
                                URI.create(
                                        service.url()
                                                + "/v1/candles/imports?market="
                                                + symbol
                                                + "&firstRow="
                                                + (2 + part * MINUTES_A_PART)))
                        .header("Content-Type", "text/csv")
                        .header(
                                "Authorization",
                                "Bearer " + AccountsStandIn.adminToken("7", "CHANGE_MARKETS"))
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String report(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            return answer.statusCode() + " " + answer.body();
        }
        try {
            JsonNode report = JSON.readTree(answer.body());
            return "imported %d unchanged %d rejected %d"
                    .formatted(
                            report.path("imported").asInt(-1),
                            report.path("unchanged").asInt(-1),
                            report.path("rejected").asInt(-1));
        } catch (IOException noJson) {
            throw new AssertionError(answer.body(), noJson);
        }
    }
}
