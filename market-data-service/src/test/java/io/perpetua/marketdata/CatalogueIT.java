package io.perpetua.marketdata;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.FundingOverrideDecided;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.marketdata.MarketVersionDecided;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Rate;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What administrators decide about markets, and what the other services hear of it, and when. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
class CatalogueIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** For a funding rate, of which there is one a minute. */
    private static final Duration RATE_PATIENCE = Duration.ofSeconds(150);

    private static final String MANAGER = AccessTokensResource.adminToken("7", "CHANGE_MARKETS");
    private static final String OTHER = AccessTokensResource.adminToken("8", "READ_USERS");
    private static final String SECOND = AccessTokensResource.adminToken("9", "DECIDE_APPROVALS");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    @DataSource("shard")
    AgroalDataSource shardDatabase;

    private static ObjectNode definition(String symbol, Object... fields) throws Exception {
        ObjectNode json =
                (ObjectNode) JSON.readTree(given().get("/v1/markets/" + symbol).asString());
        for (int i = 0; i < fields.length; i += 2) {
            json.set(fields[i].toString(), JSON.valueToTree(fields[i + 1]));
        }
        return json;
    }

    private static ValidatableResponse decide(
            @Nullable String token, ObjectNode definition, @Nullable Instant effectiveAt) {
        ObjectNode body = JSON.createObjectNode().put("reason", "as the test wants it");
        body.set("definition", definition);
        if (effectiveAt != null) {
            body.put("effectiveAt", effectiveAt.toString());
        }
        var request = given().contentType("application/json").body(body.toString());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.post("/v1/markets/" + definition.path("symbol").asText() + "/versions")
                .then();
    }

    /** Has another administrator approve what one may not decide alone. */
    private static void approve(ValidatableResponse asked) {
        String id = asked.statusCode(202).extract().path("id");
        given().contentType("application/json")
                .header("Authorization", "Bearer " + SECOND)
                .body("{\"reason\":\"so does another one\"}")
                .post("/v1/market-approvals/" + id + "/approve")
                .then()
                .statusCode(200)
                .body("state", equalTo("APPROVED"));
    }

    @Test
    void shouldTakeEffectEverywhereAtOnceWhenNoTimeIsGiven() throws Exception {
        ObjectNode halted = definition("SOL-PERP", "version", 2, "status", "HALTED");

        decide(MANAGER, halted, null)
                .statusCode(201)
                .body("inForce", equalTo(true))
                .body("definition.version", equalTo(2));
        decide(MANAGER, halted, null).statusCode(201).body("inForce", equalTo(true));

        given().get("/v1/markets/SOL-PERP").then().body("status", equalTo("HALTED"));
        given().get("/v1/markets/SOL-PERP/versions")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[0].definition.status", equalTo("HALTED"))
                .body("items[1].definition.status", equalTo("ACTIVE"))
                .body("items[0].changedBy", nullValue());
        await().atMost(PATIENCE).until(() -> published(3).equals(List.of(1L, 2L)));
        await().atMost(PATIENCE).until(() -> !decisions(3, MarketVersionDecided.class).isEmpty());
        assertThat(decisions(3, MarketVersionDecided.class))
                .singleElement()
                .satisfies(
                        decision -> {
                            assertThat(decision.administrator()).isEqualTo(7);
                            assertThat(decision.before().version()).isEqualTo(1);
                            assertThat(decision.definition().status())
                                    .isEqualTo(MarketStatus.HALTED);
                            assertThat(decision.reason()).isEqualTo("as the test wants it");
                            assertThat(decision.clientAddress()).isEqualTo("127.0.0.1");
                            assertThat(decision.userAgent()).contains("HttpClient");
                        });
    }

    @Test
    void shouldTakeEffectAtItsTimeAndBeHeardOfNotBefore() throws Exception {
        Instant soon = Instant.now().plusSeconds(30);
        ObjectNode dearer = definition("ETH-PERP", "version", 2, "takerFee", "0.0006");
        decide(MANAGER, dearer, soon).statusCode(201).body("inForce", equalTo(false));
        ObjectNode reducing =
                definition("ETH-PERP", "version", 3, "takerFee", "0.0006", "status", "REDUCE_ONLY");
        decide(MANAGER, reducing, soon).statusCode(201);

        given().get("/v1/markets/ETH-PERP").then().body("version", equalTo(1));
        assertThat(published(2)).containsExactly(1L);

        await().atMost(PATIENCE).until(() -> published(2).equals(List.of(1L, 2L, 3L)));
        assertThat(Instant.now()).isAfter(soon);
        given().get("/v1/markets/ETH-PERP")
                .then()
                .body("version", equalTo(3))
                .body("takerFee", equalTo("0.0006"))
                .body("status", equalTo("REDUCE_ONLY"));
    }

    @Test
    void shouldListANewMarketAndOpenItStepByStep() throws Exception {
        ObjectNode doge =
                definition(
                        "MATIC-PERP",
                        "id",
                        "6",
                        "symbol",
                        "DOGE-PERP",
                        "baseAsset",
                        "DOGE",
                        "status",
                        "ANNOUNCED",
                        "oracleId",
                        "DOGE/USD");
        decide(MANAGER, doge, null).statusCode(201);
        await().atMost(PATIENCE).until(() -> published(6).equals(List.of(1L)));

        decide(MANAGER, doge.deepCopy().put("version", 2).put("status", "ACTIVE"), null)
                .statusCode(422)
                .body("code", equalTo("STATUS_UNREACHABLE"))
                .body("field", equalTo("definition.status"))
                .body("detail", containsString("POST_ONLY"));
        approve(
                decide(
                        MANAGER,
                        doge.deepCopy().put("version", 2).put("status", "POST_ONLY"),
                        null));
        approve(decide(MANAGER, doge.deepCopy().put("version", 3).put("status", "ACTIVE"), null));
        given().get("/v1/markets/DOGE-PERP").then().body("status", equalTo("ACTIVE"));
        decide(MANAGER, doge.deepCopy().put("version", 4).put("status", "HALTED"), null)
                .statusCode(201);
        approve(decide(MANAGER, doge.deepCopy().put("version", 5).put("status", "SETTLING"), null));
        decide(MANAGER, doge.deepCopy().put("version", 6).put("status", "DELISTED"), null)
                .statusCode(201);
        decide(MANAGER, doge.deepCopy().put("version", 7).put("status", "DELISTED"), null)
                .statusCode(422)
                .body("code", equalTo("MARKET_DELISTED"));
        await().atMost(PATIENCE).until(() -> published(6).equals(List.of(1L, 2L, 3L, 4L, 5L, 6L)));
    }

    @Test
    void shouldRefuseWhoMayNotAndWhatIsWrong() throws Exception {
        ObjectNode next = definition("BTC-PERP", "version", 2);

        decide(null, next, null).statusCode(401).body("code", equalTo("TOKEN_MISSING"));
        decide("forged", next, null).statusCode(401).body("code", equalTo("TOKEN_INVALID"));
        decide(OTHER, next, null).statusCode(403).body("code", equalTo("PERMISSION_MISSING"));
        decide(MANAGER, definition("BTC-PERP"), Instant.now().plusSeconds(60))
                .statusCode(409)
                .body("code", equalTo("VERSION_NOT_NEXT"));
        decide(MANAGER, definition("BTC-PERP", "version", 2, "maxLeverage", 30), null)
                .statusCode(422)
                .body("code", equalTo("PARAMETER_INVALID"))
                .body("field", equalTo("definition.maxLeverage"));
        decide(MANAGER, definition("BTC-PERP", "version", 2, "stalenessMillis", 2_999), null)
                .statusCode(422)
                .body("code", equalTo("PARAMETER_INVALID"))
                .body("field", equalTo("definition.stalenessMillis"))
                .body("detail", containsString("3000 to 300000"));
        decide(MANAGER, definition("BTC-PERP", "version", 2, "step", "0.0000001"), null)
                .statusCode(400)
                .body("field", equalTo("definition"));
        decide(MANAGER, next, Instant.now().minusSeconds(60))
                .statusCode(422)
                .body("code", equalTo("EFFECTIVE_TIME_INVALID"));
        decide(MANAGER, next, Instant.EPOCH)
                .statusCode(422)
                .body("code", equalTo("EFFECTIVE_TIME_INVALID"));
        given().get("/v1/markets/NONE-PERP/versions").then().statusCode(404);
        given().get("/v1/markets/BTC-PERP").then().body("version", equalTo(1));
        assertThat(decisions(1, MarketDecision.class)).isEmpty();
    }

    @Test
    void shouldSetAnAdministratorsFundingRateUntilItIsTakenBackThoughTheDatabaseDies()
            throws Exception {
        approve(
                decide(
                        MANAGER,
                        definition("AVAX-PERP", "version", 2, "fundingIntervalMillis", 60_000),
                        null));
        Instant until = Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.MILLIS);
        approve(
                override(MANAGER, "EMERGENCY", "-0.2", until)
                        .body("funding.until", equalTo(until.toString())));
        override(MANAGER, "EMERGENCY", "-0.2", until).statusCode(202).body("outcome", equalTo(1));
        await().atMost(PATIENCE)
                .until(
                        () ->
                                "-0.2"
                                        .equals(
                                                given().get("/v1/prices/AVAX-PERP")
                                                        .path("predictedFunding")));

        Backends.shared().postgres().kill();
        Backends.shared().postgres().awaitUp();
        await().atMost(PATIENCE).until(this::databaseAnswers);
        await().atMost(RATE_PATIENCE)
                .untilAsserted(() -> assertThat(avaxRates().getList("items")).isNotEmpty());

        assertThat(avaxRates().getString("items[0].kind")).isEqualTo("EMERGENCY");
        assertThat(avaxRates().getString("items[0].rate")).isEqualTo("-0.2");
        given().header("Authorization", "Bearer " + MANAGER)
                .delete("/v1/markets/AVAX-PERP/funding-overrides?reason=over")
                .then()
                .statusCode(200)
                .body("number", equalTo(2))
                .body("rate", nullValue());
        given().header("Authorization", "Bearer " + MANAGER)
                .delete("/v1/markets/AVAX-PERP/funding-overrides?reason=over")
                .then()
                .statusCode(404)
                .body("code", equalTo("OVERRIDE_UNKNOWN"));
        await().atMost(PATIENCE)
                .until(
                        () ->
                                !"-0.2"
                                        .equals(
                                                given().get("/v1/prices/AVAX-PERP")
                                                        .path("predictedFunding")));
        given().get("/v1/markets/AVAX-PERP/funding-overrides")
                .then()
                .body("items.number", equalTo(List.of(2, 1)))
                .body("items[0].reason", equalTo("over"))
                .body("items[1].kind", equalTo("EMERGENCY"))
                .body("items[1].changedBy", nullValue());
        await().atMost(PATIENCE)
                .until(() -> decisions(4, FundingOverrideDecided.class).size() >= 2);
        assertThat(decisions(4, FundingOverrideDecided.class))
                .extracting(
                        FundingOverrideDecided::number,
                        FundingOverrideDecided::rate,
                        FundingOverrideDecided::administrator,
                        FundingOverrideDecided::reason)
                .containsExactly(
                        tuple(1L, Rate.parse("-0.2"), 9L, "as the test wants it"),
                        tuple(2L, null, 7L, "over"));
    }

    @Test
    void shouldRefuseAFundingRateOfWhoMayNotOrOutOfBounds() {
        Instant until = Instant.now().plusSeconds(60);
        override(null, "MANUAL", "0.01", until).statusCode(401);
        override(OTHER, "MANUAL", "0.01", until)
                .statusCode(403)
                .body("code", equalTo("PERMISSION_MISSING"));
        override(MANAGER, "AUTOMATIC", "0.01", until)
                .statusCode(400)
                .body("field", equalTo("kind"))
                .body("allowed", equalTo(List.of("MANUAL", "EMERGENCY")));
        override(MANAGER, "MANUAL", "0.041", until)
                .statusCode(422)
                .body("code", equalTo("RATE_ABOVE_CAP"))
                .body("field", equalTo("rate"));
        override(MANAGER, "EMERGENCY", "-0.26", until)
                .statusCode(422)
                .body("code", equalTo("RATE_ABOVE_CAP"));
        override(MANAGER, "MANUAL", "0.01", Instant.now().minusSeconds(1))
                .statusCode(422)
                .body("code", equalTo("END_INVALID"))
                .body("field", equalTo("until"));
        given().get("/v1/markets/NONE-PERP/funding-overrides").then().statusCode(404);
    }

    private static ValidatableResponse override(
            @Nullable String token, String kind, String rate, Instant until) {
        var request =
                given().contentType("application/json")
                        .body(
                                JSON.createObjectNode()
                                        .put("kind", kind)
                                        .put("rate", rate)
                                        .put("until", until.toString())
                                        .put("reason", "as the test wants it")
                                        .toString());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.post("/v1/markets/AVAX-PERP/funding-overrides").then();
    }

    private boolean databaseAnswers() {
        try (Connection shard = shardDatabase.getConnection();
                Statement statement = shard.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException down) {
            return false;
        }
    }

    private static JsonPath avaxRates() {
        return given().get("/v1/markets/AVAX-PERP/funding-rates").jsonPath();
    }

    @Test
    void shouldKeepVersionsAsTheyWereDecided() throws SQLException {
        for (String change :
                List.of(
                        "update market_version set reason = ''",
                        "delete from market_version",
                        "update funding_override set reason = ''",
                        "delete from funding_override")) {
            try (Connection shard = shardDatabase.getConnection();
                    Statement statement = shard.createStatement()) {
                assertThatThrownBy(() -> statement.execute(change))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    /** The versions of a market in the order in which its stream hears of them. */
    private static List<Long> published(int market) {
        return records(Topics.MARKET_CHANGES, MarketChanged.class).stream()
                .map(MarketChanged::definition)
                .filter(definition -> definition.id().equals(new MarketId(market)))
                .map(Market::version)
                .toList();
    }

    /** What the audit log is to have of a market. */
    private static <D extends MarketDecision> List<D> decisions(int market, Class<D> type) {
        return records(Topics.MARKET_DECISIONS, MarketDecision.class).stream()
                .filter(decision -> decision.market().equals(new MarketId(market)))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static <T> List<T> records(Topic topic, Class<T> type) {
        List<TopicPartition> partitions =
                IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                        .toList();
        List<T> records = new ArrayList<>();
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
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> records.add(EventCodec.decode(type, record.value())));
            }
        }
        return records;
    }
}
