package io.perpetua.marketdata;

import static io.perpetua.marketdata.LocalVenues.HERMES;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.StreamClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each fault of ORCL as a client sees it, by request and by stream, with what it permits: of one
 * source that speaks Pyth's format, alone, so that the fault is its own.
 */
@Tag("ORCL")
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(value = LocalVenues.class, restrictToAnnotatedClass = true)
@TestProfile(OracleFaultsIT.Alone.class)
class OracleFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NONE = "";
    private static final String TRIGGER_AND_REDUCE = "trigger reduce";

    /** Pyth alone, believed alone. */
    public static class Alone implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            String sources = "perpetua.market-data.sources.";
            return Map.of(
                    "perpetua.market-data.feed",
                    "sources",
                    "perpetua.market-data.sources-quorum",
                    "1",
                    sources + "pyth.staleness-millis",
                    "10000",
                    sources + "binance.enabled",
                    "false",
                    sources + "coinbase.enabled",
                    "false",
                    sources + "kraken.enabled",
                    "false");
        }
    }

    @TestHTTPResource("/v1/stream")
    URI uri;

    private StreamClient stream;

    @BeforeEach
    void isWell() throws Exception {
        mend();
        await().atMost(PATIENCE)
                .until(() -> oracle().getString("price") != null && isValid("60000"));
        stream =
                StreamClient.connect(
                        HttpClient.newHttpClient(),
                        URI.create(uri.toString().replaceFirst("http", "ws")),
                        null);
        for (String channel : new String[] {"oracle", "marks"}) {
            stream.send(
                    "{\"op\":\"subscribe\",\"channel\":\"%s\",\"market\":\"BTC-PERP\"}"
                            .formatted(channel));
            stream.await(text -> text.contains("subscribed") && text.contains('"' + channel + '"'));
        }
    }

    @AfterEach
    void mend() {
        HERMES.btc = new BigDecimal("60000");
        HERMES.confidence = new BigDecimal("2.5");
        HERMES.delay = Duration.ZERO;
        HERMES.stoppedAt = null;
        if (stream != null) {
            stream.close();
        }
    }

    @Test
    void shouldStandForItselfButNotForRiskWhenItsConfidenceIsWide() throws Exception {
        HERMES.btc = new BigDecimal("60010");
        HERMES.confidence = new BigDecimal("1200.21");

        assertSeen("UNCERTAIN", "60010", TRIGGER_AND_REDUCE);
        assertThat(oracle().getString("confidence")).isEqualTo("1200.21");

        HERMES.confidence = new BigDecimal("1200.2");

        assertMended("60010");
    }

    @Test
    void shouldPermitNothingWhenItIsFiveTimesOffItsAverage() throws Exception {
        HERMES.btc = new BigDecimal("400000");
        assertSeen("VOLATILE", "60000", NONE);
        HERMES.btc = new BigDecimal("9000");
        await().atMost(PATIENCE).until(() -> source("price").equals("9000"));
        assertSeen("VOLATILE", "60000", NONE);

        HERMES.btc = new BigDecimal("60000");

        assertMended("60000");
    }

    @Test
    void shouldHoldAJumpUntilALaterSampleConfirmsIt() throws Exception {
        // Only a later sample confirms, and there is none while the source's clock stands.
        HERMES.stoppedAt = Instant.now();
        HERMES.btc = new BigDecimal("63001");

        JsonPath held = streamed("oracle", "JUMP_UNCONFIRMED");
        assertThat(held.getString("data.price")).isEqualTo("60000");
        assertThat(permitted(held, "data.")).isEqualTo(TRIGGER_AND_REDUCE);
        assertThat(streamed("marks", "JUMP_UNCONFIRMED").getString("data.mark")).isEqualTo("60000");
        HERMES.stoppedAt = null;
        assertMended("63001");
        given().get("/q/metrics").then().body(containsString("outcome=\"JUMP_UNCONFIRMED\""));
    }

    @Test
    void shouldPermitNothingWhenItIsNotPositive() throws Exception {
        HERMES.btc = BigDecimal.ZERO;
        assertSeen("NON_POSITIVE", "60000", NONE);
        assertThat(source("state")).isEqualTo("INVALID");
        HERMES.btc = new BigDecimal("-37.63");
        assertSeen("NON_POSITIVE", "60000", NONE);

        HERMES.btc = new BigDecimal("60000");

        assertMended("60000");
    }

    @Test
    void shouldPermitNothingWhenItLagsBehind() throws Exception {
        HERMES.delay = Duration.ofSeconds(15);
        assertSeen("STALE", "60000", NONE);
        assertThat(source("state")).isEqualTo("STALE");
        given().get("/q/metrics")
                .then()
                .body(
                        containsString(
                                "perpetua_oracle_source_messages_total{outcome=\"LATE\","
                                        + "source=\"pyth\"}"));

        HERMES.delay = Duration.ofSeconds(1);

        assertMended("60000");
    }

    @Test
    void shouldTellSlotAndExponentEverywhere() throws Exception {
        long least = Instant.now().minusSeconds(60).getEpochSecond() * 5 / 2;
        JsonPath streamed = JsonPath.from(stream.await(text -> isDelta(text, "oracle", "null")));
        assertThat(streamed.getLong("data.slot")).isGreaterThan(least);
        assertThat(streamed.getInt("data.exponent")).isEqualTo(-8);
        JsonPath asked = oracle();
        assertThat(asked.getLong("slot")).isEqualTo(asked.getLong("sources[0].slot"));
        assertThat(asked.getInt("exponent")).isEqualTo(-8);
        String history =
                "/v1/prices/history?market=BTC-PERP&kind=ORACLE&from="
                        + Instant.now().minusSeconds(600);
        await().atMost(PATIENCE).until(() -> given().get(history).asString().contains("pyth"));
        JsonPath line = JsonPath.from(given().get(history).asString().lines().findFirst().get());
        assertThat(line.getLong("slot")).isGreaterThan(least - 1_500);
        assertThat(line.getInt("exponent")).isEqualTo(-8);
        assertThat(given().get(history + "&format=CSV").asString().lines().findFirst())
                .hasValue("at,sequence,price,confidence,source,fault,exponent,slot");
    }

    /** By both channels of the stream and by both requests, with the price that stands for it. */
    private void assertSeen(String fault, String price, String permits) throws Exception {
        JsonPath index = streamed("oracle", fault);
        assertThat(index.getString("data.price")).isEqualTo(price);
        assertThat(permitted(index, "data.")).isEqualTo(permits);
        JsonPath mark = streamed("marks", fault);
        assertThat(mark.getString("data.oracle")).isEqualTo(price);
        assertThat(permitted(mark, "data.")).isEqualTo(permits);
        for (String path : new String[] {"/v1/markets/BTC-PERP/oracle", "/v1/prices/BTC-PERP"}) {
            JsonPath asked = given().get(path).jsonPath();
            assertThat(asked.getString("fault")).as(path).isEqualTo(fault);
            assertThat(permitted(asked, "")).as(path).isEqualTo(permits);
        }
        assertThat(oracle().getString("price")).isEqualTo(price);
    }

    private void assertMended(String price) throws Exception {
        await().atMost(PATIENCE).until(() -> isValid(price));
        JsonPath index = JsonPath.from(stream.await(text -> isDelta(text, "oracle", "null")));
        assertThat(permitted(index, "data.")).isEqualTo("increaseRisk liquidate trigger reduce");
    }

    private JsonPath streamed(String channel, String fault) throws Exception {
        return JsonPath.from(stream.await(text -> isDelta(text, channel, '"' + fault + '"')));
    }

    private static boolean isDelta(String text, String channel, String fault) {
        return text.contains("\"type\":\"delta\"")
                && text.contains("\"channel\":\"" + channel + '"')
                && text.contains("\"fault\":" + fault);
    }

    private static String permitted(JsonPath price, String prefix) {
        StringBuilder permitted = new StringBuilder();
        for (String use : new String[] {"increaseRisk", "liquidate", "trigger", "reduce"}) {
            if (price.getBoolean(prefix + "permits." + use)) {
                permitted.append(permitted.isEmpty() ? "" : " ").append(use);
            }
        }
        return permitted.toString();
    }

    private static boolean isValid(String price) {
        JsonPath index = oracle();
        return index.getString("fault") == null
                && index.getBoolean("permits.liquidate")
                && price.equals(index.getString("price"));
    }

    /** What the one source said. */
    private static String source(String field) {
        return oracle().getString("sources[0]." + field);
    }

    private static JsonPath oracle() {
        return given().get("/v1/markets/BTC-PERP/oracle").jsonPath();
    }
}
