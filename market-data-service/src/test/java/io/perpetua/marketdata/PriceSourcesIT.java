package io.perpetua.marketdata;

import static io.perpetua.marketdata.LocalVenues.BINANCE;
import static io.perpetua.marketdata.LocalVenues.COINBASE;
import static io.perpetua.marketdata.LocalVenues.FUTURES;
import static io.perpetua.marketdata.LocalVenues.HERMES;
import static io.perpetua.marketdata.LocalVenues.KRAKEN;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.marketdata.LocalVenues.Mood;
import io.perpetua.marketdata.LocalVenues.Venue;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The index from servers that speak the sources' real formats, and misbehave. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(value = LocalVenues.class, restrictToAnnotatedClass = true)
@TestProfile(PriceSourcesIT.Outside.class)
class PriceSourcesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Venue> VENUES = List.of(HERMES, BINANCE, COINBASE, KRAKEN, FUTURES);

    /** With sources, which are given up and tried again quickly. */
    public static class Outside implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "perpetua.market-data.feed", "sources",
                    "perpetua.market-data.reconnect-millis-min", "50",
                    "perpetua.market-data.reconnect-millis-max", "400",
                    "perpetua.market-data.silence-millis-max", "1500",
                    "perpetua.market-data.sources.pyth.staleness-millis", "8000",
                    "perpetua.market-data.sources.binance.staleness-millis", "8000",
                    "perpetua.market-data.sources.coinbase.staleness-millis", "8000",
                    "perpetua.market-data.sources.kraken.staleness-millis", "8000",
                    "perpetua.market-data.sources.futures.staleness-millis", "8000");
        }
    }

    @BeforeEach
    void allAreWell() {
        price(HERMES, "60000");
        price(BINANCE, "60010");
        price(COINBASE, "60020");
        price(KRAKEN, "60030");
        price(FUTURES, "60010");
        VENUES.forEach(venue -> venue.mood = Mood.WELL);
        await().atMost(PATIENCE).until(() -> states().equals("USED USED USED USED") && isValid());
    }

    @Test
    void shouldBeTheWeightedMedianOfAllSources() {
        // Pyth weighs 2, the others 1 each: 60000, 60000, 60010, 60020, 60030.
        await().atMost(PATIENCE).until(() -> oracle().getString("price").equals("60010"));
        given().get("/v1/markets/BTC-PERP/oracle")
                .then()
                .statusCode(200)
                .body("source", equalTo("binance"))
                .body("exponent", equalTo(-8))
                .body("slot", nullValue())
                .body("confidence", equalTo("1"))
                .body("fault", nullValue())
                .body("permits.liquidate", equalTo(true))
                .body("twapHour", notNullValue())
                .body("twapFiveMinutes", notNullValue())
                .body("sources.find { it.name == 'pyth' }.weight", equalTo(2))
                .body("sources.find { it.name == 'pyth' }.confidence", equalTo("2.5"))
                .body("sources.find { it.name == 'pyth' }.slot", greaterThan(1_000_000_000L))
                .body("sources.find { it.name == 'kraken' }.price", equalTo("60030"));
        given().get("/v1/markets/ETH-PERP/oracle")
                .then()
                .statusCode(404)
                .body("code", equalTo("PRICE_UNKNOWN"));
        given().get("/q/metrics")
                .then()
                .body(
                        containsString(
                                "perpetua_oracle_source_messages_total{outcome=\"TAKEN\","
                                        + "source=\"kraken\"}"))
                .body(containsString("perpetua_oracle_source_connected{source=\"pyth\"} 1.0"))
                .body(containsString("perpetua_oracle_source_lag_seconds_count"))
                .body(
                        containsString(
                                "perpetua_oracle_source_lag_seconds_bucket{source=\"kraken\","
                                        + "le=\"0.25\"}"))
                .body(containsString("perpetua_price_publication_seconds_bucket{le=\"0.01\"}"));
    }

    @Test
    void shouldShowTheAgeOfASourcesNewestPriceWhichGrowsWhileItIsSilent() {
        await().atMost(PATIENCE).until(() -> age("coinbase") < 1);

        COINBASE.mood = Mood.SILENT;

        await().atMost(PATIENCE).until(() -> age("coinbase") > 3 && age("kraken") < 3);
    }

    private static double age(String source) {
        String start =
                "perpetua_oracle_source_age_seconds{oracle=\"BTC/USD\",source=\"" + source + "\"} ";
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(each -> each.startsWith(start))
                .mapToDouble(each -> Double.parseDouble(each.substring(start.length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldTakeASourceAgainWhenItSaidOneBogusSlot() {
        HERMES.oddSlot.set(Long.MAX_VALUE);
        await().atMost(PATIENCE).until(() -> HERMES.oddSlot.get() == 0);
        Instant said = Instant.now();

        await().atMost(PATIENCE)
                .until(
                        () ->
                                said.plusSeconds(2)
                                        .isBefore(
                                                Instant.parse(
                                                        oracle().getString(
                                                                        "sources.find { it.name =="
                                                                                + " 'pyth' }.publishedAt"))));

        assertThat(state("pyth")).isEqualTo("USED");
    }

    /** The index is 60010, so is the mark without a book; the book is around 60100. */
    @Test
    @Tag("MARK")
    void shouldHaveThePerpetualsElsewhereInTheMedianOfTheMarkUntilTheyFallSilent() {
        try (KafkaProducer<byte[], byte[]> books =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", Backends.shared().bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            price(FUTURES, "60080");
            await().atMost(PATIENCE).until(() -> markBeside(books).equals("60080"));
            price(FUTURES, "60070");
            await().atMost(PATIENCE).until(() -> markBeside(books).equals("60070"));

            FUTURES.mood = Mood.SILENT;

            await().atMost(PATIENCE)
                    .during(Duration.ofSeconds(2))
                    .until(() -> !markBeside(books).equals("60070"));
            FUTURES.mood = Mood.WELL;
            await().atMost(PATIENCE).until(() -> markBeside(books).equals("60070"));
            assertThat(oracle().getString("price")).isEqualTo("60010");
            assertThat(oracle().getList("sources.name")).doesNotContain("futures");
        }
    }

    /** The mark, after the book was told anew, as it would be stale soon. */
    private static String markBeside(KafkaProducer<byte[], byte[]> books) {
        MarketId btc = new MarketId(1);
        BookTop top =
                new BookTop(
                        btc,
                        1,
                        Price.parse("60090"),
                        Quantity.parse("1"),
                        Price.parse("60110"),
                        Quantity.parse("1"),
                        null,
                        null,
                        null,
                        null,
                        System.currentTimeMillis());
        Future<?> _ =
                books.send(
                        new ProducerRecord<>(
                                Topics.BOOK_TOPS.name(),
                                Partitions.of(btc),
                                btc.toString().getBytes(StandardCharsets.UTF_8),
                                EventCodec.encode(BookTop.class, top)));
        books.flush();
        return given().get("/v1/prices/BTC-PERP").jsonPath().getString("mark");
    }

    @Test
    void shouldChangeNothingWhenASourceLiesAlone() {
        price(HERMES, "90000");
        await().atMost(PATIENCE).until(() -> state("pyth").equals("OUTLIER"));

        for (int i = 0; i < 10; i++) {
            JsonPath index = oracle();
            assertThat(index.getString("price")).isEqualTo("60020");
            assertThat(index.getString("fault")).isNull();
            awaitNext(index.getLong("sequence"));
        }
    }

    @Test
    void shouldLeaveASourceOutWhenItSendsGarbageAndTakeItBackWhenItMends() {
        int connections = KRAKEN.connections.get();
        KRAKEN.mood = Mood.GARBAGE;
        await().atMost(PATIENCE).until(() -> state("kraken").equals("STALE"));
        assertThat(isValid()).isTrue();
        await().atMost(PATIENCE).until(() -> KRAKEN.connections.get() > connections + 1);

        KRAKEN.mood = Mood.WELL;

        await().atMost(PATIENCE).until(() -> state("kraken").equals("USED"));
        given().get("/q/metrics")
                .then()
                .body(
                        containsString(
                                "perpetua_oracle_source_messages_total{outcome=\"UNREADABLE\","
                                        + "source=\"kraken\"}"));
    }

    @Test
    void shouldConnectAnewWhenItIsCutOffOrRefusedOrHearsNothing() {
        int before = HERMES.connections.get();
        HERMES.mood = Mood.REFUSING;
        VENUES.forEach(Venue::cut);
        await().atMost(PATIENCE).until(() -> HERMES.connections.get() > before + 3);
        await().atMost(PATIENCE)
                .until(() -> state("pyth").equals("STALE") && state("coinbase").equals("USED"));
        HERMES.mood = Mood.SILENT;
        int silent = HERMES.connections.get();
        await().atMost(PATIENCE).until(() -> HERMES.connections.get() > silent + 1);

        HERMES.mood = Mood.WELL;

        await().atMost(PATIENCE).until(() -> states().equals("USED USED USED USED"));
    }

    @Test
    void shouldPermitNothingWhenTooFewSourcesAreLeftAndGoOnWhenTheyAreBack() {
        HERMES.mood = Mood.SILENT;
        COINBASE.mood = Mood.SILENT;
        KRAKEN.mood = Mood.SILENT;
        await().atMost(PATIENCE).until(() -> "TOO_FEW_SOURCES".equals(oracle().getString("fault")));
        price(BINANCE, "30000");
        await().atMost(PATIENCE)
                .until(
                        () ->
                                "30000"
                                        .equals(
                                                oracle().getString(
                                                                "sources.find { it.name =="
                                                                        + " 'binance' }.price")));
        JsonPath held = oracle();
        assertThat(held.getString("fault")).isEqualTo("TOO_FEW_SOURCES");
        assertThat(held.getDouble("price")).isBetween(60_000.0, 60_030.0);
        assertThat(held.getBoolean("permits.increaseRisk")).isFalse();
        assertThat(held.getBoolean("permits.liquidate")).isFalse();
        assertThat(held.getBoolean("permits.trigger")).isFalse();
        assertThat(held.getBoolean("permits.reduce")).isFalse();
        BINANCE.mood = Mood.SILENT;
        await().atMost(PATIENCE).until(() -> "STALE".equals(oracle().getString("fault")));
        long sequence = oracle().getLong("sequence");

        allAreWell();

        assertThat(oracle().getLong("sequence")).isGreaterThan(sequence);
        assertThat(oracle().getBoolean("permits.liquidate")).isTrue();
    }

    /**
     * Shards tick every 100 ms, so two prices of a market that are closer in time than half of that
     * are of news that rang the bell.
     */
    @Test
    void shouldPublishAMoveAtOnceAndIssueNoSequenceTwiceWhenTheDatabaseDies() throws Exception {
        long before = oracle().getLong("sequence");
        try (MarkReader marks = new MarkReader()) {
            moveUntil(() -> marks.read().closest() < 50);
            Backends.shared().postgres().kill();
            Backends.shared().postgres().awaitUp();
            int read = marks.read().sequences.size();
            moveUntil(() -> marks.read().sequences.size() > read + 20);

            assertThat(marks.sequences.getLast()).isGreaterThan(before + 10_000);
            assertThat(marks.sequences).isSorted().doesNotHaveDuplicates();
        }
    }

    private static void moveUntil(BooleanSupplier condition) {
        AtomicInteger dollars = new AtomicInteger(60_000);
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            String next = Integer.toString(60_000 + dollars.addAndGet(37) % 300);
                            VENUES.forEach(venue -> price(venue, next));
                            return condition.getAsBoolean();
                        });
    }

    /** The marks of BTC in the order of the log, from when it was made. */
    private static final class MarkReader implements AutoCloseable {
        private final List<Long> sequences = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();
        private final KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", Backends.shared().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());

        MarkReader() {
            TopicPartition partition =
                    new TopicPartition(Topics.MARK_PRICES.name(), Partitions.of(new MarketId(1)));
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
        }

        MarkReader read() {
            consumer.poll(Duration.ofMillis(100))
                    .forEach(
                            record -> {
                                MarkPrice mark = EventCodec.decode(MarkPrice.class, record.value());
                                if (mark.market().value() == 1) {
                                    sequences.add(mark.sequence());
                                    times.add(mark.atMillis());
                                }
                            });
            return this;
        }

        /** The shortest time between two, where the later is of a later time. */
        long closest() {
            return IntStream.range(1, times.size())
                    .mapToLong(i -> times.get(i) - times.get(i - 1))
                    .filter(millis -> millis > 0)
                    .min()
                    .orElse(Long.MAX_VALUE);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private static void price(Venue venue, String dollars) {
        venue.btc = new BigDecimal(dollars);
    }

    private static boolean isValid() {
        return oracle().getString("fault") == null && oracle().getBoolean("permits.liquidate");
    }

    private static String states() {
        List<String> states = oracle().getList("sources.state");
        return states == null ? "" : String.join(" ", states);
    }

    private static String state(String source) {
        return oracle().getString("sources.find { it.name == '" + source + "' }.state");
    }

    private static JsonPath oracle() {
        return given().get("/v1/markets/BTC-PERP/oracle").jsonPath();
    }

    private static void awaitNext(long sequence) {
        await().atMost(PATIENCE).until(() -> oracle().getLong("sequence") > sequence);
    }
}
