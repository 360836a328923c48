package io.perpetua.marketdata.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.stream.StreamHub;
import io.perpetua.edge.stream.StreamRequest;
import io.perpetua.edge.stream.StreamTopic;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.testkit.StreamClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Holds the AsyncAPI document of {@code /v1/stream} against the code: its schemas are made of the
 * channels and records, its examples are what a client was sent. {@code -Dcontracts.write=true}
 * writes it anew.
 */
@QuarkusTest
@TestProfile(StreamsContractTest.Offline.class)
class StreamsContractTest {
    private static final Path GOLDEN =
            Path.of("..", "docs", "contracts", "market-data.stream.asyncapi.json");
    private static final String MARKET = "BTC-PERP";
    private static final Instant AT = Instant.parse("2026-01-02T03:04:00Z");
    private static final Price PRICE = Price.parse("60000.5");
    private static final Quantity SIZE = Quantity.parse("1.25");
    private static final Usd VOLUME = Usd.parse("75000.62");
    private static final Set<Class<?>> VALUES =
            Set.of(Price.class, Quantity.class, Usd.class, Rate.class);

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @TestHTTPResource("/v1/stream")
    URI uri;

    @Inject StreamHub hub;
    @Inject ListedMarkets markets;

    /** Boots without a database and without Kafka. */
    public static class Offline implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.flyway.migrate-at-start", "false",
                    "perpetua.market-data.log-enabled", "false");
        }
    }

    /**
     * A channel's record, and two that are sent.
     *
     * @param when the channel speaks
     */
    private record Spoken(
            Class<? extends Record> data, String when, Record snapshot, Record change) {}

    private static Spoken spoken(StreamChannel channel) {
        return switch (channel) {
            case MARKS ->
                    new Spoken(
                            PriceStreams.Mark.class,
                            "With each mark price of the market; 'fault' is null when its index is"
                                    + " valid, and 'permits' holds as long as the mark is no older than"
                                    + " the market's stalenessMillis.",
                            new PriceStreams.Mark(
                                    PRICE, PRICE, null, PriceStreams.Permits.of(null), null, AT),
                            new PriceStreams.Mark(
                                    Price.parse("60001"),
                                    PRICE,
                                    PriceFault.UNCERTAIN,
                                    PriceStreams.Permits.of(PriceFault.UNCERTAIN),
                                    Rate.parse("0.0000125"),
                                    AT.plusSeconds(1)));
            case ORACLE ->
                    new Spoken(
                            PriceStreams.Oracle.class,
                            "With each index price of the market; 'fault' is null when it is valid.",
                            new PriceStreams.Oracle(
                                    PRICE,
                                    SIZE,
                                    -8,
                                    "pyth",
                                    138_881_186L,
                                    null,
                                    PriceStreams.Permits.of(null),
                                    null,
                                    null,
                                    AT),
                            new PriceStreams.Oracle(
                                    PRICE,
                                    SIZE,
                                    -8,
                                    "binance",
                                    null,
                                    PriceFault.VOLATILE,
                                    PriceStreams.Permits.of(PriceFault.VOLATILE),
                                    PRICE,
                                    PRICE,
                                    AT.plusSeconds(1)));
            case TICKER ->
                    new Spoken(
                            TradeStreams.Ticker.class,
                            "Once a second when something of it has changed; open, high, low, volume,"
                                    + " volumeUsd and trades are of 24 hours.",
                            new TradeStreams.Ticker(
                                    MarketStatus.ACTIVE,
                                    null,
                                    null,
                                    null,
                                    PRICE,
                                    PRICE,
                                    null,
                                    null,
                                    null,
                                    Quantity.ZERO,
                                    Usd.ZERO,
                                    0,
                                    Quantity.ZERO),
                            new TradeStreams.Ticker(
                                    MarketStatus.ACTIVE,
                                    PRICE,
                                    PRICE,
                                    PRICE,
                                    PRICE,
                                    PRICE,
                                    PRICE,
                                    PRICE,
                                    PRICE,
                                    SIZE,
                                    VOLUME,
                                    1,
                                    SIZE));
            case CANDLES ->
                    new Spoken(
                            TradeStreams.StreamedCandle.class,
                            "Once a second when it has changed, of the present interval; after a late"
                                    + " trade of the one before too.",
                            candle(SIZE, 1),
                            candle(Quantity.parse("2.5"), 2));
        };
    }

    private static TradeStreams.StreamedCandle candle(Quantity volume, int trades) {
        return new TradeStreams.StreamedCandle(
                AT, PRICE, PRICE, PRICE, PRICE, volume, VOLUME, trades);
    }

    @Test
    void shouldStandAsCommittedWhenTheDocumentIsMadeFromChannelsAndWhatIsSent() throws Exception {
        markets.put(
                DemoMarkets.all().stream()
                        .filter(market -> market.symbol().equals(MARKET))
                        .findFirst()
                        .orElseThrow());
        ObjectNode document = document();

        String text = JSON.writeValueAsString(document) + "\n";
        if (Boolean.getBoolean("contracts.write")) {
            Files.writeString(GOLDEN, text);
        }
        assertThat(GOLDEN).as("write it with -Dcontracts.write=true").exists();
        assertThat(Files.readString(GOLDEN))
                .as("it is out of date: write it with -Dcontracts.write=true")
                .isEqualTo(text);
    }

    private ObjectNode document() throws Exception {
        ObjectNode document = JSON.createObjectNode().put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Perpetua market data stream")
                .put("version", "1")
                .put(
                        "description",
                        "Prices, tickers and candles over a WebSocket, public. A stream has many topics;"
                                + " in each, every delta names as prevSeq the seq that this stream was"
                                + " sent before, the snapshot first: as long as it does, nothing is"
                                + " missing. The service pings; who is silent for 45 seconds, or does not"
                                + " read for 10, is closed with a code and a reason.");
        document.put("defaultContentType", "application/json");
        document.putObject("servers")
                .putObject("development")
                .put("host", "127.0.0.1:8080")
                .put("protocol", "ws");
        ObjectNode channel =
                document.putObject("channels").putObject("stream").put("address", "/v1/stream");
        ObjectNode operations = document.putObject("operations");
        ObjectNode components = document.putObject("components");
        ObjectNode messages = components.putObject("messages");
        ObjectNode schemas = components.putObject("schemas");
        List<String> asked = List.of("subscribe", "unsubscribe", "ping");
        List<String> answered = new ArrayList<>();
        requests(messages, schemas);
        for (StreamChannel each : StreamChannel.values()) {
            answered.addAll(channel(each, messages, schemas));
        }
        answered.addAll(List.of("unsubscribed", "pong", "error"));
        others(messages, schemas);
        ObjectNode all = channel.putObject("messages");
        for (String name : messages.propertyStream().map(Map.Entry::getKey).toList()) {
            all.putObject(name).put("$ref", "#/components/messages/" + name);
        }
        operation(operations, "ask", "receive", "What a client asks for.", asked);
        operation(operations, "tell", "send", "Answers and changes.", answered);
        return document;
    }

    private static void operation(
            ObjectNode operations, String name, String action, String summary, List<String> sent) {
        ObjectNode operation =
                operations.putObject(name).put("action", action).put("summary", summary);
        operation.putObject("channel").put("$ref", "#/channels/stream");
        ArrayNode messages = operation.putArray("messages");
        sent.forEach(
                each -> messages.addObject().put("$ref", "#/channels/stream/messages/" + each));
    }

    private static ObjectNode message(ObjectNode messages, String name, String summary) {
        ObjectNode message = messages.putObject(name).put("name", name).put("summary", summary);
        message.putObject("payload").put("$ref", "#/components/schemas/" + name);
        return message;
    }

    private static void example(ObjectNode message, JsonNode payload) {
        message.withArray("examples").addObject().set("payload", payload);
    }

    private static ObjectNode object(ObjectNode schemas, String name, String... required) {
        ObjectNode schema = schemas.putObject(name).put("type", "object");
        ArrayNode names = schema.putArray("required");
        Arrays.stream(required).forEach(names::add);
        return schema.putObject("properties");
    }

    private static ObjectNode constant(ObjectNode properties, String name, String value) {
        properties.putObject(name).put("const", value);
        return properties;
    }

    private static void id(ObjectNode properties) {
        properties
                .putObject("id")
                .put("type", "string")
                .put("maxLength", 64)
                .put(
                        "description",
                        "The client's own name for its request, repeated in the answer.");
    }

    private static void words(ObjectNode properties, String name, List<String> words) {
        ArrayNode allowed = properties.putObject(name).put("type", "string").putArray("enum");
        words.forEach(allowed::add);
    }

    private static void requests(ObjectNode messages, ObjectNode schemas) throws Exception {
        assertThat(Arrays.stream(StreamRequest.class.getRecordComponents()))
                .extracting(RecordComponent::getName)
                .containsExactly("op", "id", "channel", "market", "interval");
        for (String op : List.of("subscribe", "unsubscribe")) {
            ObjectNode properties = object(schemas, op, "op", "channel", "market");
            constant(properties, "op", op);
            id(properties);
            words(properties, "channel", StreamChannel.words());
            properties.putObject("market").put("type", "string");
            words(properties, "interval", StreamChannel.INTERVALS);
            ((ObjectNode) properties.path("interval"))
                    .put("description", "Of channel candles, which must have it, and of no other.");
            ObjectNode message = message(messages, op, "Asks for a topic, or for no more of it.");
            for (StreamChannel channel : StreamChannel.values()) {
                example(message, JSON.readTree(request(op, channel)));
            }
        }
        ObjectNode properties = object(schemas, "ping", "op");
        constant(properties, "op", "ping");
        id(properties);
        example(message(messages, "ping", "Asks for a pong."), JSON.readTree(PING));
    }

    private static final String PING = "{\"op\":\"ping\",\"id\":\"7\"}";

    private static String request(String op, StreamChannel channel) {
        return "{\"op\":\"%s\",\"id\":\"1\",\"channel\":\"%s\",\"market\":\"%s\"%s}"
                .formatted(
                        op,
                        channel.word(),
                        MARKET,
                        channel == StreamChannel.CANDLES ? ",\"interval\":\"1m\"" : "");
    }

    /** The two messages of a channel, as they came to a client that asked for it. */
    private List<String> channel(StreamChannel channel, ObjectNode messages, ObjectNode schemas)
            throws Exception {
        Spoken spoken = spoken(channel);
        String word = channel.word();
        String subscribed = word + "Subscribed";
        String delta = word + "Delta";
        String data = word + "Data";
        record(schemas, data, spoken.data);
        ObjectNode first =
                object(schemas, subscribed, "type", "channel", "market", "seq", "snapshot");
        constant(constant(first, "type", "subscribed"), "channel", word);
        id(first);
        topic(first, channel, schemas.path(subscribed));
        sequence(first, "seq", "Of the snapshot; 0 while there is none.");
        ArrayNode either = first.putObject("snapshot").putArray("oneOf");
        either.addObject().put("$ref", "#/components/schemas/" + data);
        either.addObject().put("type", "null");
        ObjectNode then =
                object(schemas, delta, "type", "channel", "market", "prevSeq", "seq", "data");
        constant(constant(then, "type", "delta"), "channel", word);
        topic(then, channel, schemas.path(delta));
        sequence(then, "prevSeq", "The seq that this stream was sent before of the topic.");
        sequence(then, "seq", "Rises; by more than one to a client that reads slowly.");
        then.putObject("data").put("$ref", "#/components/schemas/" + data);

        StreamTopic topic =
                channel == StreamChannel.CANDLES
                        ? StreamChannel.candles(MARKET, "1m")
                        : channel.of(MARKET);
        // An event loop hears of it before it opens the stream, so it is in the snapshot.
        hub.publish(topic, 17, "", spoken.snapshot);
        try (StreamClient client =
                StreamClient.connect(
                        HttpClient.newHttpClient(),
                        URI.create(uri.toString().replaceFirst("http", "ws")),
                        null)) {
            client.send(request("subscribe", channel));
            JsonNode came = JSON.readTree(client.await(text -> text.contains("subscribed")));
            assertIsOf(schemas, subscribed, came);
            assertIsOf(schemas, data, came.path("snapshot"));
            example(message(messages, subscribed, "The topic as it stands."), came);
            hub.publish(topic, 18, "", spoken.change);
            came = JSON.readTree(client.await(text -> text.contains("delta")));
            assertIsOf(schemas, delta, came);
            assertIsOf(schemas, data, came.path("data"));
            example(message(messages, delta, spoken.when), came);
        }
        return List.of(subscribed, delta);
    }

    private static void topic(ObjectNode properties, StreamChannel channel, JsonNode schema) {
        properties.putObject("market").put("type", "string");
        if (channel == StreamChannel.CANDLES) {
            words(properties, "interval", StreamChannel.INTERVALS);
            ((ArrayNode) schema.path("required")).add("interval");
        }
    }

    private static void sequence(ObjectNode properties, String name, String description) {
        properties
                .putObject(name)
                .put("type", "integer")
                .put("format", "int64")
                .put("description", description);
    }

    private void others(ObjectNode messages, ObjectNode schemas) throws Exception {
        ObjectNode left = object(schemas, "unsubscribed", "type", "channel", "market");
        constant(left, "type", "unsubscribed");
        id(left);
        words(left, "channel", StreamChannel.words());
        left.putObject("market").put("type", "string");
        words(left, "interval", StreamChannel.INTERVALS);
        ObjectNode pong = object(schemas, "pong", "type");
        id(constant(pong, "type", "pong"));
        ObjectNode error = object(schemas, "error", "type", "code");
        id(constant(error, "type", "error"));
        error.putObject("code")
                .put("type", "string")
                .put("description", "One word, as in problems over HTTP.");
        error.putObject("field").put("type", "string");
        error.putObject("detail").put("type", "string");
        error.putObject("allowed").put("type", "array").putObject("items").put("type", "string");
        try (StreamClient client =
                StreamClient.connect(
                        HttpClient.newHttpClient(),
                        URI.create(uri.toString().replaceFirst("http", "ws")),
                        null)) {
            client.send(request("subscribe", StreamChannel.CANDLES));
            client.await(text -> text.contains("subscribed"));
            client.send(request("unsubscribe", StreamChannel.CANDLES));
            said(client, schemas, message(messages, "unsubscribed", "No more of the topic."));
            client.send(PING);
            said(client, schemas, message(messages, "pong", "Answers a ping."));
            ObjectNode refused = message(messages, "error", "What was asked for is refused.");
            client.send(
                    "{\"op\":\"subscribe\",\"id\":\"2\",\"channel\":\"trades\",\"market\":\"%s\"}"
                            .formatted(MARKET));
            said(client, schemas, refused);
            client.send("{\"op\":\"subscribe\",\"channel\":\"marks\",\"market\":\"X-PERP\"}");
            said(client, schemas, refused);
        }
    }

    private static void said(StreamClient client, ObjectNode schemas, ObjectNode message)
            throws Exception {
        String name = message.path("name").asText();
        JsonNode came =
                JSON.readTree(client.await(text -> text.contains("\"type\":\"" + name + "\"")));
        assertIsOf(schemas, name, came);
        example(message, came);
    }

    private static void record(ObjectNode schemas, String name, Class<? extends Record> type) {
        RecordComponent[] components = type.getRecordComponents();
        ObjectNode properties =
                object(
                        schemas,
                        name,
                        Arrays.stream(components)
                                .map(RecordComponent::getName)
                                .toArray(String[]::new));
        for (RecordComponent component : components) {
            Class<?> of = component.getType();
            if (of.isRecord() && !VALUES.contains(of)) {
                record(properties, component.getName(), of.asSubclass(Record.class));
                continue;
            }
            ObjectNode property = properties.putObject(component.getName());
            boolean isNullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            boolean isWhole = of == long.class || of == Long.class || of == int.class;
            String word = isWhole ? "integer" : of == boolean.class ? "boolean" : "string";
            if (isNullable) {
                property.putArray("type").add(word).add("null");
            } else {
                property.put("type", word);
            }
            if (of == Instant.class) {
                property.put("format", "date-time");
            } else if (of.isEnum()) {
                ArrayNode allowed = property.putArray("enum");
                Arrays.stream(of.getEnumConstants()).map(Object::toString).forEach(allowed::add);
                if (isNullable) {
                    allowed.addNull();
                }
            } else if (VALUES.contains(of)) {
                property.put("pattern", "^-?[0-9]+(\\.[0-9]+)?$");
            } else if (!isWhole && !of.isPrimitive()) {
                assertThat(of).as(component.getName()).isEqualTo(String.class);
            }
        }
    }

    /** What was sent has what the schema requires, nothing else, and each of its type. */
    private static void assertIsOf(ObjectNode schemas, String name, JsonNode came) {
        JsonNode schema = schemas.path(name);
        JsonNode properties = schema.path("properties");
        List<String> required =
                schema.path("required").valueStream().map(JsonNode::asText).toList();
        assertThat(came.propertyStream().map(Map.Entry::getKey).toList())
                .as(name)
                .containsAll(required)
                .isSubsetOf(properties.propertyStream().map(Map.Entry::getKey).toList());
        came.propertyStream()
                .forEach(
                        field -> {
                            JsonNode property = properties.path(field.getKey());
                            JsonNode value = field.getValue();
                            if (property.has("const")) {
                                assertThat(value).isEqualTo(property.path("const"));
                            } else if (property.has("type")) {
                                assertThat(property.path("type").toString())
                                        .as(name + " " + field.getKey())
                                        .contains('"' + type(value) + '"');
                            }
                            if (property.has("pattern") && !value.isNull()) {
                                assertThat(value.asText())
                                        .matches(property.path("pattern").asText());
                            }
                            if (property.has("enum")) {
                                assertThat(property.path("enum").valueStream().toList())
                                        .contains(value);
                            }
                        });
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> value.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }
}
