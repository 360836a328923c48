package io.perpetua.edge.stream;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.StreamClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds that a test can reach are in application.properties. */
@QuarkusTest
@QuarkusTestResource(AccessTokensResource.class)
class StreamEndpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int MEGABYTE = 1 << 20;

    /** Fewer changes than a loop conflates. */
    private static final int BURST = 32;

    @TestHTTPResource("/v1/stream")
    URI uri;

    @Inject StreamHub hub;
    @Inject ObjectMapper json;
    @Inject MeterRegistry metrics;

    private StreamClient connect(String address) throws Exception {
        return StreamClient.connect(
                HTTP, URI.create(uri.toString().replace("http", "ws")), address);
    }

    private static String op(String op, String market) {
        return "{\"op\":\"%s\",\"channel\":\"numbers\",\"market\":\"%s\"}".formatted(op, market);
    }

    private void publish(String market, long seq, String data) throws Exception {
        hub.publish(new StreamTopic("numbers", market, null), seq, "", json.readTree(data));
    }

    @Test
    void shouldGiveASnapshotAndThenEachChangeOnce() throws Exception {
        publish("CHAIN", 3, "{\"n\":3}");
        try (StreamClient client = connect("192.0.2.1")) {
            client.send(
                    "{\"op\":\"subscribe\",\"id\":\"a\\\"1\",\"channel\":\"numbers\",\"market\":\"CHAIN\"}");
            assertThat(client.await(any -> true))
                    .isEqualTo(
                            "{\"type\":\"subscribed\",\"id\":\"a\\\"1\",\"channel\":\"numbers\",\"market\":\"CHAIN\",\"seq\":3,\"snapshot\":{\"n\":3}}");

            publish("CHAIN", 3, "{\"n\":0}");
            publish("CHAIN", 7, "{\"n\":7}");
            publish("OTHER", 8, "{\"n\":8}");
            publish("CHAIN", 9, "{\"n\":9}");

            assertThat(client.await(any -> true))
                    .isEqualTo(
                            "{\"type\":\"delta\",\"channel\":\"numbers\",\"market\":\"CHAIN\",\"prevSeq\":3,\"seq\":7,\"data\":{\"n\":7}}");
            assertThat(client.await(any -> true)).contains("\"prevSeq\":7,\"seq\":9");

            client.send(op("unsubscribe", "CHAIN"));
            assertThat(client.await(any -> true))
                    .isEqualTo(
                            "{\"type\":\"unsubscribed\",\"channel\":\"numbers\",\"market\":\"CHAIN\"}");
            publish("CHAIN", 10, "{}");
            client.send("{\"op\":\"ping\",\"id\":\"p\"}");
            assertThat(client.await(any -> true)).isEqualTo("{\"type\":\"pong\",\"id\":\"p\"}");
            assertThat(client.firstGap()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    nonsense                                         | BODY_MALFORMED |
                    []                                               | FIELD_INVALID  | body
                    null                                             | BODY_MISSING   |
                    {"id":"x"}                                       | FIELD_MISSING  | op
                    {"op":"buy","id":"x"}                            | FIELD_INVALID  | op
                    {"op":"subscribe","id":"x"}                      | FIELD_MISSING  | channel
                    {"op":"subscribe","channel":"marks"}             | FIELD_INVALID  | channel
                    {"op":"subscribe","channel":"numbers"}           | FIELD_MISSING  | market
                    {"op":"subscribe","chanel":"numbers"}            | FIELD_UNKNOWN  | chanel
                    {"op":"unsubscribe","channel":"numbers","market":"A"} | NOT_SUBSCRIBED | channel
                    """)
    void shouldSayWhatIsWrongAndGoOn(String text, String code, String field) throws Exception {
        try (StreamClient client = connect("192.0.2.2")) {
            client.send(text);

            String error = client.await(any -> true);
            assertThat(error).startsWith("{\"type\":\"error\"").contains("\"" + code + "\"");
            if (field != null) {
                assertThat(error).contains("\"field\":\"" + field + "\"");
            }
            client.send("{\"op\":\"ping\"}");
            assertThat(client.await(any -> true)).isEqualTo("{\"type\":\"pong\"}");
        }
    }

    @Test
    void shouldRefuseATopicTwiceAndOneTooMany() throws Exception {
        try (StreamClient client = connect("192.0.2.3")) {
            client.send(op("subscribe", "A"));
            client.send(op("subscribe", "A"));
            assertThat(client.await(text -> text.contains("error"))).contains("ALREADY_SUBSCRIBED");
            client.send(op("subscribe", "B"));
            client.send(op("subscribe", "C"));
            client.send(op("subscribe", "D"));
            assertThat(client.await(text -> text.contains("error")))
                    .contains("SUBSCRIPTIONS_EXHAUSTED");
        }
    }

    @Test
    void shouldBeAWebSocketOnly() {
        given().get("/v1/stream")
                .then()
                .statusCode(426)
                .contentType("application/problem+json")
                .body("code", equalTo("UPGRADE_REQUIRED"));
    }

    @Test
    void shouldBoundTheStreamsOfAnAddressWhileTheyAreOpen() throws Exception {
        List<StreamClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(connect("192.0.2.4"));
        }
        assertThatThrownBy(() -> connect("192.0.2.4"))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(429));
        connect("192.0.2.5").close();

        clients.forEach(StreamClient::close);
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            try {
                                connect("192.0.2.4").close();
                                return true;
                            } catch (Exception full) {
                                return false;
                            }
                        });
    }

    @Test
    void shouldEndTheStreamOfWhoSendsTooFast() throws Exception {
        try (StreamClient client = connect("192.0.2.6")) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> client.closed() != null || !isSent(client, "{\"op\":\"ping\"}"));
            assertThat(client.awaitClose()).startsWith("1008 RATE_LIMITED");
        }
    }

    /** Not when it is being closed. */
    private static boolean isSent(StreamClient client, String text) throws Exception {
        try {
            client.send(text);
            return true;
        } catch (ExecutionException closing) {
            return false;
        }
    }

    @Test
    void shouldEndTheStreamOfWhoSendsTooMuchAtOnce() throws Exception {
        try (StreamClient client = connect("192.0.2.7")) {
            client.send("{\"op\":\"ping\",\"id\":\"" + "x".repeat(5_000) + "\"}");
            assertThat(client.awaitClose()).startsWith("1009");
        }
    }

    /** A silent one answers no ping; the JDK's client would. */
    @Test
    void shouldEndTheStreamOfWhoIsSilent() throws Exception {
        double before = closed("IDLE");
        try (Socket socket = StreamClient.deaf(uri, "192.0.2.8")) {
            await().atMost(PATIENCE).until(() -> closed("IDLE") > before);
            InputStream in = socket.getInputStream();
            String all = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(all).contains("IDLE: ");
        }
    }

    /** Nobody closed it, so no reason is counted for it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCountNoReasonWhenAClientGoesWithoutAWord(boolean isReset) throws Exception {
        await().atMost(PATIENCE).until(() -> streams() == 0);
        double tooLarge = closed("TOO_LARGE");
        try (Socket socket = StreamClient.deaf(uri, "192.0.2.11", op("subscribe", "GONE"))) {
            await().atMost(PATIENCE).until(() -> streams() == 1);
            socket.setSoLinger(isReset, 0);
        }

        await().atMost(PATIENCE).until(() -> streams() == 0);
        assertThat(closed("TOO_LARGE")).isEqualTo(tooLarge);
    }

    private double streams() {
        return metrics.get("perpetua.stream.connections").gauge().value();
    }

    @Test
    void shouldKeepMemoryAndDropWhoNeverReads() throws Exception {
        double before = closed("SLOW_CONSUMER");
        double conflated = conflated();
        String flood = "{\"text\":\"" + "x".repeat(3_000) + "\"}";
        JsonNode data = json.readTree(flood);
        try (Socket _ = StreamClient.deaf(uri, "192.0.2.9", op("subscribe", "FLOOD"));
                StreamClient reader = connect("192.0.2.10")) {
            reader.send(op("subscribe", "FLOOD"));
            reader.await(text -> text.contains("subscribed"));
            long used = used();
            AtomicLong seq = new AtomicLong();
            for (int megabytes = 0; megabytes < 60; megabytes++) {
                for (int i = 0; i < MEGABYTE / flood.length(); i += BURST) {
                    burst(seq, data);
                    awaitSeq(reader, seq.get());
                }
            }

            assertThat(conflated()).isGreaterThan(conflated);
            assertThat(used() - used).isLessThan(20L * MEGABYTE);
            // What the kernel's buffers can still grow by, it takes as if somebody read.
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(
                            () -> {
                                burst(seq, data);
                                return closed("SLOW_CONSUMER") > before;
                            });
            awaitSeq(reader, seq.get());
            assertThat(reader.firstGap()).isNull();
            assertThat(reader.closed()).isNull();
        }
    }

    private void burst(AtomicLong seq, JsonNode data) {
        StreamTopic topic = new StreamTopic("numbers", "FLOOD", null);
        for (int i = 0; i < BURST; i++) {
            hub.publish(topic, seq.incrementAndGet(), "", data);
        }
    }

    private static void awaitSeq(StreamClient reader, long seq) {
        await().atMost(PATIENCE).until(() -> reader.seqs().containsValue(seq));
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private double closed(String reason) {
        return metrics.counter("perpetua.stream.closed", "reason", reason).count();
    }

    private double conflated() {
        return metrics.counter("perpetua.stream.messages", "outcome", "CONFLATED").count();
    }
}
