package io.perpetua.marketdata;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.marketdata.app.StreamChannel;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.StreamClient;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code -Dperpetua.test.subscribers=1000} makes them as many as the platform promises. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class StreamIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SUBSCRIBERS = Integer.getInteger("perpetua.test.subscribers", 60);
    private static final List<String> SYMBOLS =
            List.of("BTC-PERP", "ETH-PERP", "SOL-PERP", "AVAX-PERP", "MATIC-PERP");
    private static final String ORDERS = "orders-of-the-stream-test";
    private static final MarketId BTC = new MarketId(1);
    private static final MarketId ETH = new MarketId(2);
    private static boolean relayed;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TestHTTPResource("/v1/stream")
    URI uri;

    @Inject Eventlog eventlog;

    @Inject
    @DataSource("shard")
    AgroalDataSource shardDatabase;

    private StreamClient connect(int client) throws Exception {
        return StreamClient.connect(
                HTTP,
                URI.create(uri.toString().replaceFirst("http", "ws")),
                "198.51.%d.%d".formatted(client / 250, client % 250));
    }

    private static List<String> tenSubscriptions() {
        List<String> all = new ArrayList<>();
        for (String symbol : SYMBOLS) {
            all.add(subscribe("marks", symbol));
            all.add(subscribe("oracle", symbol));
        }
        return all;
    }

    private static String subscribe(String channel, String symbol) {
        return "{\"op\":\"subscribe\",\"channel\":\"%s\",\"market\":\"%s\"}"
                .formatted(channel, symbol);
    }

    @Test
    void shouldLeaveNoGapWhenManySubscribeToTenChannelsAndOneNeverReads() throws Exception {
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices").jsonPath().getList("items").size() == 5);
        List<StreamClient> clients = new ArrayList<>();
        try (Socket _ =
                StreamClient.deaf(uri, "198.51.255.1", tenSubscriptions().toArray(String[]::new))) {
            for (int i = 0; i < SUBSCRIBERS; i++) {
                StreamClient client = connect(i);
                clients.add(client);
                for (String subscription : tenSubscriptions()) {
                    client.send(subscription);
                }
            }

            await().atMost(PATIENCE)
                    .until(() -> clients.stream().allMatch(client -> client.deltas() >= 200));

            for (StreamClient client : clients) {
                assertThat(client.firstGap()).isNull();
                assertThat(client.closed()).isNull();
                assertThat(client.seqs()).hasSize(10);
            }
        } finally {
            clients.forEach(StreamClient::close);
        }
    }

    @Test
    void shouldStreamWhatRequestsAnswerWhenSomethingTrades() throws Exception {
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices").jsonPath().getList("items").size() == 5);
        relay();
        try (StreamClient client = connect(60_000)) {
            client.send(
                    "{\"op\":\"subscribe\",\"channel\":\"candles\",\"market\":\"BTC-PERP\",\"interval\":\"1m\"}");
            client.send(subscribe("ticker", "BTC-PERP"));

            trade(1, "45000.5");
            assertThat(client.await(text -> text.contains("\"candles\"") && isDelta(text)))
                    .contains("\"close\":\"45000.5\"");
            String ticker =
                    client.await(text -> text.contains("\"last\":\"45000.5\"") && isDelta(text));
            trade(2, "45001");
            String candle =
                    client.await(text -> text.contains("\"close\":\"45001\"") && isDelta(text));

            assertThat(ticker).contains("\"status\":\"ACTIVE\"").doesNotContain("\"mark\":null");
            String openAt = candle.replaceFirst(".*\"openAt\":\"([^\"]*)\".*", "$1");
            given().queryParam("market", "BTC-PERP")
                    .queryParam("from", openAt)
                    .get("/v1/candles")
                    .then()
                    .body("items[-1].openAt", equalTo(openAt))
                    .body("items[-1].close", equalTo("45001"));
            assertThat(client.firstGap()).isNull();
        }
    }

    @Test
    void shouldStreamWhatAPriceMayBeUsedFor() throws Exception {
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices").jsonPath().getList("items").size() == 5);
        try (StreamClient client = connect(60_003)) {
            client.send(subscribe("marks", "SOL-PERP"));
            client.send(subscribe("oracle", "SOL-PERP"));

            JsonPath mark =
                    JsonPath.from(
                            client.await(text -> text.contains("\"marks\"") && isDelta(text)));
            JsonPath oracle =
                    JsonPath.from(
                            client.await(
                                    text ->
                                            text.contains("\"channel\":\"oracle\"")
                                                    && isDelta(text)));

            JsonPath requested = given().get("/v1/prices/SOL-PERP").jsonPath();
            for (JsonPath streamed : List.of(mark, oracle)) {
                assertThat(streamed.getMap("data")).containsEntry("fault", null);
                assertThat(streamed.getMap("data.permits"))
                        .isEqualTo(requested.getMap("permits"))
                        .containsEntry("increaseRisk", true);
            }
            assertThat(mark.getMap("data")).containsKey("predictedFunding");
            assertThat(oracle.getString("data.twapFiveMinutes")).isNotNull();
            assertThat(oracle.getString("data.twapHour")).isNotNull();
        }
    }

    /**
     * The last candle streamed of each interval is what requests answer, and the fold of minutes.
     */
    @Test
    void shouldStreamEveryIntervalAsRequestsAnswerItWhenSomethingTradesLate() throws Exception {
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices").jsonPath().getList("items").size() == 5);
        relay();
        Map<String, JsonPath> newest = new TreeMap<>();
        try (StreamClient client = connect(60_002)) {
            for (String interval : StreamChannel.INTERVALS) {
                client.send(
                        "{\"op\":\"subscribe\",\"channel\":\"candles\",\"market\":\"ETH-PERP\",\"interval\":\"%s\"}"
                                .formatted(interval));
            }
            Instant now = Instant.now();
            trade(1, ETH, "3000", now.minusSeconds(700));
            trade(2, ETH, "3100", now.minusSeconds(400));
            trade(3, ETH, "2900", now.minusSeconds(90));
            trade(4, ETH, "3050", now);
            trade(5, ETH, "3060", now.minusSeconds(30));
            trade(6, ETH, "3333", Instant.now());
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                take(client, newest);
                                return StreamChannel.INTERVALS.stream()
                                        .allMatch(
                                                interval ->
                                                        isAsRequested(
                                                                newest.get(interval), interval));
                            });
            assertThat(client.firstGap()).isNull();
        }
    }

    private static void take(StreamClient client, Map<String, JsonPath> newest) {
        for (String text = client.poll(); text != null; text = client.poll()) {
            if (isDelta(text)) {
                JsonPath delta = JsonPath.from(text);
                newest.put(delta.getString("interval"), delta);
            }
        }
    }

    private static boolean isAsRequested(@Nullable JsonPath streamed, String interval) {
        if (streamed == null || !"3333".equals(streamed.getString("data.close"))) {
            return false;
        }
        Map<String, Object> data = streamed.getMap("data");
        Instant openAt = Instant.parse(data.get("openAt").toString());
        Instant end = openAt.plusMillis(Frame.parse(interval).millis());
        List<Map<String, Object>> answer = candles(interval, openAt, end);
        List<Map<String, Object>> minutes = candles("1m", openAt, end);
        if (answer.isEmpty() || minutes.isEmpty()) {
            return false;
        }
        Map<String, Object> requested = answer.getFirst();
        return List.of("open", "high", "low", "close", "volume", "volumeUsd", "trades").stream()
                        .allMatch(field -> data.get(field).equals(requested.get(field)))
                && isSum(minutes, "volumeUsd", data)
                && isSum(minutes, "trades", data);
    }

    private static boolean isSum(
            List<Map<String, Object>> minutes, String field, Map<String, Object> candle) {
        return minutes.stream()
                        .map(minute -> new BigDecimal(minute.get(field).toString()))
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .compareTo(new BigDecimal(candle.get(field).toString()))
                == 0;
    }

    private static List<Map<String, Object>> candles(String frame, Instant from, Instant to) {
        String lines =
                given().queryParam("market", "ETH-PERP")
                        .queryParam("frame", frame)
                        .queryParam("from", from.toString())
                        .queryParam("to", to.toString())
                        .get("/v1/candles/history")
                        .asString();
        return lines.lines().map(line -> JsonPath.from(line).<String, Object>getMap("$")).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "channel":"trades","market":"BTC-PERP"                 | FIELD_INVALID  | channel
                    "channel":"marks","market":"DOGE-PERP"                 | MARKET_UNKNOWN | market
                    "channel":"candles","market":"BTC-PERP"                | FIELD_MISSING  | interval
                    "channel":"candles","market":"BTC-PERP","interval":"x" | FIELD_INVALID  | interval
                    "channel":"marks","market":"BTC-PERP","interval":"1m"  | FIELD_INVALID  | interval
                    """)
    void shouldNameTheFieldWhenThereIsNoSuchTopic(String fields, String code, String field)
            throws Exception {
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/prices").jsonPath().getList("items").size() == 5);
        try (StreamClient client = connect(60_001)) {
            client.send("{\"op\":\"subscribe\"," + fields + "}");

            assertThat(client.await(any -> true))
                    .contains("\"code\":\"" + code + "\"", "\"field\":\"" + field + "\"");
        }
    }

    private void relay() {
        if (!relayed) {
            relayed = true;
            eventlog.relay(ORDERS, shardDatabase);
        }
    }

    private static boolean isDelta(String text) {
        return text.startsWith("{\"type\":\"delta\"");
    }

    /** As orders-service would publish it. */
    private void trade(int id, String dollars) throws Exception {
        trade(id, BTC, dollars, Instant.now());
    }

    private void trade(int id, MarketId market, String dollars, Instant at) throws Exception {
        Price price = Price.parse(dollars);
        Quantity size = Quantity.parse("1");
        TradeExecuted trade =
                new TradeExecuted(
                        new TradeId(id),
                        market,
                        price,
                        size,
                        Amounts.notional(price, size),
                        Side.BUY,
                        size,
                        at.toEpochMilli());
        try (Connection connection = shardDatabase.getConnection()) {
            connection.setAutoCommit(false);
            eventlog.emit(
                    connection,
                    ORDERS,
                    List.of(
                            new Outgoing(
                                    Topics.TRADES.name(),
                                    Partitions.of(market),
                                    null,
                                    EventCodec.encode(TradeExecuted.class, trade),
                                    null)));
            connection.commit();
            connection.setAutoCommit(true);
        }
        eventlog.committed(ORDERS);
    }
}
