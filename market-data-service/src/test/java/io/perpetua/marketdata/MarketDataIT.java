package io.perpetua.marketdata;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.funding.OtherInterval;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.CatalogueStore.StoredVersion;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@TestProfile(MarketDataIT.Development.class)
class MarketDataIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ORDERS = "orders-of-the-test";
    private static final AtomicBoolean RELAYED = new AtomicBoolean();
    private static final MarketId SOL = new MarketId(3);
    private static final MarketId AVAX = new MarketId(4);

    @Inject Eventlog eventlog;
    @Inject CatalogueStore catalogue;

    @Inject
    @DataSource("shard")
    AgroalDataSource shardDatabase;

    /** With the replay of bars. */
    public static class Development implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "perpetua.market-data.replay-enabled", "true",
                    "perpetua.market-data.replay-bars-max", "3");
        }
    }

    @Test
    void shouldListAndPublishTheMarketsOnce() {
        given().get("/v1/markets")
                .then()
                .statusCode(200)
                .body(
                        "items.symbol",
                        contains("BTC-PERP", "ETH-PERP", "SOL-PERP", "AVAX-PERP", "MATIC-PERP"))
                .body("items[0].id", equalTo("1"))
                .body("items[0].tiers[0].maintenanceMargin", equalTo("0.03"));
        given().get("/v1/markets/ETH-PERP").then().statusCode(200).body("tick", equalTo("0.01"));
        given().get("/v1/markets/DOGE-PERP")
                .then()
                .statusCode(404)
                .body("code", equalTo("MARKET_UNKNOWN"));

        await().atMost(PATIENCE).until(() -> read(Topics.MARKETS).size() >= 5);
        assertThat(read(Topics.MARKETS))
                .extracting(record -> EventCodec.decode(Market.class, record.value()))
                .containsExactlyInAnyOrderElementsOf(DemoMarkets.all());
        assertThat(read(Topics.MARKET_CHANGES))
                .extracting(
                        record ->
                                EventCodec.decode(MarketChanged.class, record.value()).definition())
                .containsExactlyInAnyOrderElementsOf(DemoMarkets.all());
    }

    @Test
    void shouldPublishRisingSequencesOfEveryMarket() {
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices").jsonPath().getList("items").size() == 5);
        given().get("/v1/prices/MATIC-PERP")
                .then()
                .statusCode(200)
                .body("market", equalTo("5"))
                .body("mark", notNullValue())
                .body("source", equalTo("simulated"))
                .body("stale", equalTo(false));

        Map<MarketId, Long> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read(Topics.MARK_PRICES)) {
            MarkPrice price = EventCodec.decode(MarkPrice.class, record.value());
            Long before = newest.put(price.market(), price.sequence());
            assertThat(before == null || price.sequence() > before).isTrue();
        }
        assertThat(newest).hasSize(5);
    }

    @Test
    void shouldPlayBarsWhenTheyAreQueuedAndWalkOnWhenTheyAreDropped() {
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices/BTC-PERP").statusCode() == 200);
        String bars =
                """
                {"market": "BTC-PERP", "barsPerSecond": "0.01", "bars": [
                  {"timestamp": "2022-01-01T00:00:00Z", "open": "30000", "high": "30010",
                   "low": "29990", "close": "30005", "volume": "12.50000000001"},
                  {"timestamp": "2022-01-01T00:01:00Z", "open": "30005", "high": "30020",
                   "low": "30000", "close": "30010", "volume": "0"}]}
                """;

        replay(bars).statusCode(200).body("accepted", equalTo(2)).body("queued", equalTo(2));
        replay(bars).statusCode(200).body("accepted", equalTo(0)).body("ignored", equalTo(2));
        await().atMost(PATIENCE).until(() -> isNear30000("BTC-PERP"));
        given().get("/v1/prices/BTC-PERP").then().body("source", equalTo("replay"));
        given().get("/v1/prices/replay").then().body("items.symbol", hasItem("BTC-PERP"));

        given().delete("/v1/prices/replay/BTC-PERP").then().statusCode(200);
        await().atMost(PATIENCE)
                .until(() -> "simulated".equals(given().get("/v1/prices/BTC-PERP").path("source")));
        assertThat(isNear30000("BTC-PERP")).isTrue();
    }

    @Test
    void shouldQueueNoMoreBarsThanItsLimit() {
        String bar =
                """
                {"market": "MATIC-PERP", "barsPerSecond": "0.001", "bars": [
                  {"timestamp": "2022-01-01T00:0%d:00Z", "open": "1", "high": "1", "low": "1",
                   "close": "1", "volume": "0"}]}
                """;
        for (int i = 1; i <= 3; i++) {
            replay(bar.formatted(i)).statusCode(200).body("queued", equalTo(i));
        }

        replay(bar.formatted(4))
                .statusCode(422)
                .body("code", equalTo("REPLAY_FULL"))
                .body("field", equalTo("bars"));

        replay(bar.formatted(3)).statusCode(200).body("queued", equalTo(3));
        given().delete("/v1/prices/replay/MATIC-PERP").then().statusCode(200);
        replay(bar.formatted(4)).statusCode(200).body("queued", equalTo(1));
        given().delete("/v1/prices/replay/MATIC-PERP").then().statusCode(200);
    }

    @Test
    void shouldNameTheFieldWhenBarsAreNone() {
        replay("{\"market\": \"BTC-PERP\"}").statusCode(400).body("field", equalTo("bars"));
        replay("{\"market\": \"BTC-PERP\", \"bars\": []}")
                .statusCode(400)
                .body("field", equalTo("bars"));
        replay(
                        """
                        {"market": "BTC-PERP", "bars": [{"timestamp": "2022-01-01T00:00:00Z",
                          "open": "1", "high": "0.5", "low": "1", "close": "1", "volume": "0"}]}
                        """)
                .statusCode(400)
                .body("field", equalTo("bars[0]"));
        replay(
                        """
                        {"market": "BTC-PERP", "bars": [{"timestamp": "2022-01-01T00:00:00Z",
                          "open": "-1", "high": "0.5", "low": "1", "close": "1", "volume": "0"}]}
                        """)
                .statusCode(400)
                .body("field", equalTo("bars[0].open"));
    }

    @Test
    void shouldFoldEachTradeOnceWhenItIsSentTwiceAndTheDatabaseDies() throws Exception {
        relayOrders();
        Instant minute = Instant.parse("2026-01-01T00:00:00Z");
        List<TradeExecuted> trades =
                IntStream.rangeClosed(1, 400)
                        .mapToObj(i -> trade(i, SOL, 100 + i % 7, minute.plusSeconds(i)))
                        .toList();

        publish(trades.subList(0, 200));
        await().atMost(PATIENCE).until(() -> totalTrades("SOL-PERP") == 200);
        sendAgain(Partitions.of(SOL));
        Backends.shared().postgres().kill();
        Backends.shared().postgres().awaitUp();
        await().atMost(PATIENCE).until(this::databaseAnswers);
        publish(trades.subList(200, 400));
        sendAgain(Partitions.of(SOL));

        await().atMost(PATIENCE).until(() -> totalTrades("SOL-PERP") >= 400);
        given().get("/v1/statistics/SOL-PERP")
                .then()
                .body("totalTrades", equalTo(400))
                .body("totalVolume", equalTo("400"))
                .body("totalVolumeUsd", equalTo(usd(trades)))
                .body("openInterest", equalTo("400"));
        ValidatableResponse candles =
                given().queryParam("market", "SOL-PERP")
                        .queryParam("from", "2026-01-01T00:00:00Z")
                        .queryParam("to", "2026-01-01T00:10:00Z")
                        .get("/v1/candles")
                        .then()
                        .statusCode(200)
                        .body("items", hasSize(10))
                        .body("nextCursor", nullValue());
        candles.body("items[9].openAt", equalTo("2026-01-01T00:00:00Z"))
                .body("items[9].trades", equalTo(59))
                .body("items[9].open", equalTo("101"))
                .body("items[9].high", equalTo("106"))
                .body("items[9].low", equalTo("100"))
                .body("items[9].close", equalTo("103"))
                .body("items[0].trades", equalTo(0))
                .body("items[0].close", equalTo(trades.getLast().price().toString()));
        int sum =
                candles.extract().jsonPath().getList("items.trades", Integer.class).stream()
                        .mapToInt(Integer::intValue)
                        .sum();
        assertThat(sum).isEqualTo(400);
    }

    @Test
    void shouldNumberFundingRatesWithoutAGapWhenTheDatabaseDies() throws Exception {
        Market eth = DemoMarkets.all().get(1);
        try (Connection shard = shardDatabase.getConnection()) {
            shard.setAutoCommit(false);
            Market shorter = OtherInterval.of(eth, 6_000);
            long now = System.currentTimeMillis();
            catalogue.add(
                    shard, new StoredVersion(shorter, now, now, "the test", "sooner", true, null));
            catalogue.putInForce(shard, List.of(shorter));
            shard.commit();
            shard.setAutoCommit(true);
        }
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices/ETH-PERP").statusCode() == 200);
        Price above =
                new Price(Price.parse(oracle("ETH-PERP").toPlainString()).units() / 100 * 103);

        try (KafkaProducer<byte[], byte[]> books = producer()) {
            await().atMost(PATIENCE).until(() -> fundingRates(books, eth, above) >= 1);
            Backends.shared().postgres().kill();
            Backends.shared().postgres().awaitUp();
            await().atMost(PATIENCE).until(this::databaseAnswers);
            await().atMost(PATIENCE)
                    .until(() -> fundingRates(books, eth, above) >= 3 && predictsFunding(eth));
        }

        var rates = given().get("/v1/markets/ETH-PERP/funding-rates").jsonPath();
        int newest = rates.getInt("items[0].sequence");
        assertThat(rates.getList("items.sequence"))
                .isEqualTo(
                        IntStream.rangeClosed(1, newest).map(i -> newest + 1 - i).boxed().toList());
        assertThat(rates.getList("items.kind")).containsOnly("AUTOMATIC");
        assertThat(new BigDecimal(rates.getString("items[0].premium"))).isPositive();
        assertThat(new BigDecimal(rates.getString("items[0].rate"))).isPositive();
        await().atMost(PATIENCE).until(() -> sentRates(eth).size() >= newest);
        assertThat(sentRates(eth))
                .extracting(FundingRateSet::sequence)
                .startsWith(LongStream.rangeClosed(1, newest).boxed().toArray(Long[]::new));
        var page = given().get("/v1/markets/ETH-PERP/funding-rates?limit=1").jsonPath();
        given().queryParam("cursor", page.getString("nextCursor"))
                .get("/v1/markets/ETH-PERP/funding-rates")
                .then()
                .body("items[0].sequence", equalTo(page.getInt("items[0].sequence") - 1));
        given().get("/v1/markets/DOGE-PERP/funding-rates").then().statusCode(404);
        given().get("/v1/markets/BTC-PERP/funding-rates?cursor=x")
                .then()
                .statusCode(400)
                .body("code", equalTo("CURSOR_INVALID"));
    }

    @Test
    void shouldPageThroughCandlesWhenThereAreManyMinutes() throws Exception {
        relayOrders();
        Instant start = Instant.now().minus(Duration.ofMinutes(10));
        publish(List.of(trade(9_001, AVAX, 50, start), trade(9_002, AVAX, 60, Instant.now())));
        await().atMost(PATIENCE).until(() -> totalTrades("AVAX-PERP") == 2);

        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            var request = given().queryParam("market", "AVAX-PERP").queryParam("limit", 4);
            if (cursor != null) {
                request.queryParam("cursor", cursor);
            }
            var page = request.get("/v1/candles").jsonPath();
            seen.addAll(page.getList("items.openAt"));
            cursor = page.getString("nextCursor");
        } while (cursor != null);

        assertThat(seen).hasSizeBetween(11, 12).doesNotHaveDuplicates();
        assertThat(seen).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        given().get("/v1/statistics/AVAX-PERP")
                .then()
                .body("open", equalTo("50"))
                .body("close", equalTo("60"))
                .body("high", equalTo("60"))
                .body("trades", equalTo(2));
    }

    @Test
    void shouldNameTheFieldWhenAQueryIsMalformed() {
        given().get("/v1/candles").then().statusCode(400).body("field", equalTo("market"));
        given().get("/v1/candles?market=BTC-PERP&from=yesterday")
                .then()
                .statusCode(400)
                .body("field", equalTo("from"));
        given().get("/v1/candles?market=BTC-PERP&limit=0")
                .then()
                .statusCode(400)
                .body("field", equalTo("limit"));
        given().get("/v1/candles?market=btc").then().statusCode(404);
        given().get("/v1/statistics/BTC-PERP")
                .then()
                .statusCode(200)
                .body("open", nullValue())
                .body("totalTrades", equalTo(0));
    }

    @Test
    void shouldOnlyReadWhenActingAsTheApi() throws SQLException {
        try (Connection shard = shardDatabase.getConnection();
                Statement statement = shard.createStatement()) {
            for (String table :
                    List.of(
                            "market",
                            "market_version",
                            "price_state",
                            "replay",
                            "replay_bar",
                            "candle",
                            "market_day",
                            "market_valuation",
                            "oracle_tick",
                            "mark_tick",
                            "market_total",
                            "funding_rate")) {
                try (var rows =
                        statement.executeQuery(
                                "select has_table_privilege('market_data_api', '"
                                        + table
                                        + "', 'select'), has_table_privilege('market_data_api', '"
                                        + table
                                        + "', 'insert, update, delete, truncate')")) {
                    rows.next();
                    assertThat(rows.getBoolean(1)).as(table).isTrue();
                    assertThat(rows.getBoolean(2)).as(table).isFalse();
                }
            }
        }
    }

    @Test
    void shouldShowTheNewestValuationWhenOlderOnesComeLater() throws SQLException {
        given().get("/v1/statistics/MATIC-PERP")
                .then()
                .body("activeTraders", nullValue())
                .body("valuedAt", nullValue());
        long at = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

        send(valuation(new MarketId(5), 7, "12.5", at));
        send(valuation(new MarketId(5), 6, "11", at - 1));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                given().get("/v1/statistics/MATIC-PERP")
                                        .then()
                                        .body("activeTraders", equalTo(7)));
        send(valuation(new MarketId(5), 5, "10", at - 2));
        send(valuation(new MarketId(5), 8, "13", at + 1));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                given().get("/v1/statistics/MATIC-PERP")
                                        .then()
                                        .body("activeTraders", equalTo(8)));

        given().get("/v1/statistics/MATIC-PERP")
                .then()
                .body("averageLeverage", equalTo("13"))
                .body("openInterestLongUsd", equalTo("2"))
                .body("openInterestShortUsd", equalTo("1"))
                .body("unrealisedPnl", equalTo("-0.5"))
                .body("valuedAt", equalTo("2026-01-01T00:00:00.001Z"));
        try (Connection connection = shardDatabase.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select active_traders, average_leverage_nanos,"
                                        + " unrealised_usd_micros, valued_at_millis"
                                        + " from market_summary where market_id = 5")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(8);
            assertThat(row.getLong(2)).isEqualTo(13_000_000_000L);
            assertThat(row.getLong(3)).isEqualTo(-500_000);
            assertThat(row.getLong(4)).isEqualTo(at + 1);
        }
    }

    @Test
    void shouldShowTheValuationOfNowAfterOneOfAClockThatWasAhead() {
        long now = System.currentTimeMillis();

        send(valuation(new MarketId(4), 9, "12", now + 3_600_000));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                given().get("/v1/statistics/AVAX-PERP")
                                        .then()
                                        .body("activeTraders", equalTo(9)));
        send(valuation(new MarketId(4), 7, "12.5", now));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                given().get("/v1/statistics/AVAX-PERP")
                                        .then()
                                        .body("activeTraders", equalTo(7)));
    }

    private static MarketValuation valuation(
            MarketId market, long traders, String leverage, long atMillis) {
        return new MarketValuation(
                market,
                Quantity.parse("4"),
                Quantity.parse("2"),
                Usd.parse("2"),
                Usd.parse("1"),
                traders,
                Rate.parse(leverage),
                Usd.parse("-0.5"),
                Price.parse("0.5"),
                atMillis);
    }

    /** As risk-service would. */
    private void send(MarketValuation valuation) {
        eventlog.send(
                        new Outgoing(
                                Topics.MARKET_VALUATIONS.name(),
                                Partitions.of(valuation.market()),
                                valuation.market().toString(),
                                EventCodec.encode(MarketValuation.class, valuation),
                                null))
                .toCompletableFuture()
                .join();
    }

    /** Those of the market in the log, one sent twice counts once. */
    private static List<FundingRateSet> sentRates(Market market) {
        return read(Topics.FUNDING_RATES).stream()
                .map(record -> EventCodec.decode(FundingRateSet.class, record.value()))
                .filter(rate -> rate.market().equals(market.id()))
                .distinct()
                .toList();
    }

    private static boolean predictsFunding(Market market) {
        return given().get("/v1/prices/" + market.symbol()).path("predictedFunding") != null;
    }

    /** How many there are; the book is told anew, as it would be stale soon. */
    private static int fundingRates(
            KafkaProducer<byte[], byte[]> producer, Market market, Price impact) {
        BookTop top =
                new BookTop(
                        market.id(),
                        1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        impact,
                        null,
                        System.currentTimeMillis());
        Future<?> _ =
                producer.send(
                        new ProducerRecord<>(
                                Topics.BOOK_TOPS.name(),
                                Partitions.of(market.id()),
                                market.id().toString().getBytes(StandardCharsets.UTF_8),
                                EventCodec.encode(BookTop.class, top)));
        producer.flush();
        var rates = given().get("/v1/markets/" + market.symbol() + "/funding-rates");
        return rates.statusCode() == 200 ? rates.jsonPath().getList("items").size() : -1;
    }

    private static ValidatableResponse replay(String body) {
        return given().contentType("application/json").body(body).post("/v1/prices/replay").then();
    }

    private static BigDecimal oracle(String symbol) {
        return new BigDecimal(given().get("/v1/prices/" + symbol).<String>path("oracle"));
    }

    private static boolean isNear30000(String symbol) {
        String price = given().get("/v1/prices/" + symbol).path("oracle");
        return price != null
                && new BigDecimal(price)
                                .subtract(new BigDecimal("30000"))
                                .abs()
                                .compareTo(new BigDecimal("500"))
                        < 0;
    }

    private static int totalTrades(String symbol) {
        var response = given().get("/v1/statistics/" + symbol);
        return response.statusCode() == 200 ? response.<Integer>path("totalTrades") : -1;
    }

    private boolean databaseAnswers() {
        try (Connection connection = shardDatabase.getConnection()) {
            return connection.isValid(1);
        } catch (SQLException down) {
            return false;
        }
    }

    private void relayOrders() {
        if (RELAYED.compareAndSet(false, true)) {
            eventlog.relay(ORDERS, shardDatabase);
        }
    }

    /** As orders-service would: numbered, in order. */
    private void publish(List<TradeExecuted> trades) throws SQLException {
        for (int from = 0; from < trades.size(); from += 10) {
            List<Outgoing> records =
                    trades.subList(from, Math.min(trades.size(), from + 10)).stream()
                            .map(
                                    trade ->
                                            new Outgoing(
                                                    Topics.TRADES.name(),
                                                    Partitions.of(trade.market()),
                                                    null,
                                                    EventCodec.encode(TradeExecuted.class, trade),
                                                    null))
                            .toList();
            try (Connection connection = shardDatabase.getConnection()) {
                connection.setAutoCommit(false);
                eventlog.emit(connection, ORDERS, records);
                connection.commit();
                connection.setAutoCommit(true);
            }
            eventlog.committed(ORDERS);
        }
    }

    /** Puts everything in the partition there once more. */
    static void sendAgain(int partition) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (ConsumerRecord<byte[], byte[]> record : read(Topics.TRADES)) {
                if (record.partition() == partition) {
                    Future<?> _ =
                            producer.send(
                                    new ProducerRecord<>(
                                            record.topic(),
                                            record.partition(),
                                            record.key(),
                                            record.value(),
                                            record.headers()));
                }
            }
            producer.flush();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", Backends.shared().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(Topic topic) {
        List<TopicPartition> partitions =
                IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                        .toList();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", Backends.shared().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static TradeExecuted trade(int id, MarketId market, int dollars, Instant at) {
        Price price = Price.parse(Integer.toString(dollars));
        Quantity size = Quantity.parse("1");
        return new TradeExecuted(
                new TradeId(id),
                market,
                price,
                size,
                Amounts.notional(price, size),
                Side.BUY,
                Quantity.parse(Integer.toString(id % 1_000)),
                at.toEpochMilli());
    }

    private static String usd(List<TradeExecuted> trades) {
        return trades.stream()
                .map(trade -> new BigDecimal(trade.notional().toString()))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .toPlainString();
    }
}
