package io.perpetua.marketdata;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.AskedFor;
import io.perpetua.contracts.marketdata.MarketApprovalMoved;
import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.contracts.marketdata.MarketVersionDecided;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** Changes of markets that take two administrators. Each test has a market of its own. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
@TestProfile(MarketApprovalIT.FewWait.class)
class MarketApprovalIT {
    private static final String ASKER = AccessTokensResource.adminToken("7", "CHANGE_MARKETS");
    private static final String ASKER_DECIDES =
            AccessTokensResource.adminToken("7", "DECIDE_APPROVALS");
    static final String READER = AccessTokensResource.adminToken("7", "READ_APPROVALS");
    static final String SECOND = AccessTokensResource.adminToken("8", "DECIDE_APPROVALS");
    private static final String THIRD = AccessTokensResource.adminToken("9", "DECIDE_APPROVALS");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    @DataSource("shard")
    AgroalDataSource shardDatabase;

    /** Few wait at a time. */
    public static class FewWait implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("perpetua.market-data.approvals-open-max", "2");
        }
    }

    static ObjectNode definition(String symbol, Object... fields) throws Exception {
        ObjectNode json =
                (ObjectNode) JSON.readTree(given().get("/v1/markets/" + symbol).asString());
        for (int i = 0; i < fields.length; i += 2) {
            json.set(fields[i].toString(), JSON.valueToTree(fields[i + 1]));
        }
        return json;
    }

    static ValidatableResponse ask(ObjectNode definition) {
        ObjectNode body = JSON.createObjectNode().put("reason", "as the test wants it");
        body.set("definition", definition);
        return given().contentType("application/json")
                .header("Authorization", "Bearer " + ASKER)
                .body(body.toString())
                .post("/v1/markets/" + definition.path("symbol").asText() + "/versions")
                .then();
    }

    static ValidatableResponse decide(String token, String id, String verb) {
        return given().contentType("application/json")
                .header("Authorization", "Bearer " + token)
                .body("{\"reason\":\"looked at twice\"}")
                .post("/v1/market-approvals/" + id + "/" + verb)
                .then();
    }

    static ValidatableResponse read(String token, String path) {
        return given().header("Authorization", "Bearer " + token).get(path).then();
    }

    static String id(ValidatableResponse asked) {
        return asked.extract().path("id");
    }

    @Test
    void shouldDecideExactlyWhatWasAskedForOnceAnotherAdministratorApproves() throws Exception {
        // Given
        ObjectNode wilder = definition("BTC-PERP", "version", 2, "maxPriceChange", "0.2");
        String id =
                id(
                        ask(wilder)
                                .statusCode(202)
                                .header("Location", notNullValue())
                                .body("state", equalTo("OPEN"))
                                .body("exceeds", hasSize(1))
                                .body("exceeds[0].field", equalTo("definition.maxPriceChange"))
                                .body("requestedBy", equalTo("7"))
                                .body("version.definition.maxPriceChange", equalTo("0.2"))
                                .body("funding", nullValue())
                                .body("decidedBy", nullValue()));
        ask(wilder).statusCode(202).body("id", equalTo(id));
        given().get("/v1/markets/BTC-PERP").then().body("version", equalTo(1));
        given().get("/v1/market-approvals/" + id).then().statusCode(401);
        read(SECOND, "/v1/market-approvals/" + id)
                .statusCode(403)
                .body("code", equalTo("PERMISSION_MISSING"));
        read(READER, "/v1/market-approvals/" + id).statusCode(200).body("state", equalTo("OPEN"));

        // When
        decide(ASKER, id, "approve").statusCode(403).body("code", equalTo("PERMISSION_MISSING"));
        decide(ASKER_DECIDES, id, "approve").statusCode(403).body("code", equalTo("OWN_REQUEST"));
        decide(ASKER_DECIDES, id, "reject").statusCode(403).body("code", equalTo("OWN_REQUEST"));
        decide(SECOND, id, "approve")
                .statusCode(200)
                .body("state", equalTo("APPROVED"))
                .body("decidedBy", equalTo("8"))
                .body("decisionReason", equalTo("looked at twice"))
                .body("outcome", equalTo(2));
        decide(SECOND, id, "approve").statusCode(200).body("outcome", equalTo(2));
        decide(THIRD, id, "approve").statusCode(409).body("code", equalTo("APPROVAL_DECIDED"));
        decide(SECOND, id, "reject").statusCode(409).body("code", equalTo("APPROVAL_DECIDED"));
        ask(wilder).statusCode(202).body("id", equalTo(id)).body("state", equalTo("APPROVED"));

        // Then
        given().get("/v1/markets/BTC-PERP")
                .then()
                .body("version", equalTo(2))
                .body("maxPriceChange", equalTo("0.2"));
        await().atMost(PATIENCE).until(() -> decisions("BTC-PERP").size() >= 3);
        assertThat(moves("BTC-PERP"))
                .containsExactly(MarketApprovalState.OPEN, MarketApprovalState.APPROVED);
        assertThat(decisions("BTC-PERP"))
                .filteredOn(MarketVersionDecided.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        MarketVersionDecided.class,
                        version -> {
                            assertThat(version.administrator()).isEqualTo(8);
                            assertThat(version.askedFor())
                                    .isEqualTo(new AskedFor(Long.parseLong(id), 7));
                            assertThat(version.reason()).isEqualTo("as the test wants it");
                        });
    }

    @Test
    void shouldDecideOneVersionWhenTwoApproveAtOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            int next = given().get("/v1/markets/ETH-PERP").path("version");
            String id =
                    id(
                            ask(definition("ETH-PERP", "version", next + 1, "oracleId", "X" + next))
                                    .statusCode(202));
            CyclicBarrier together = new CyclicBarrier(2);

            List<Integer> answers = new ArrayList<>();
            try (ExecutorService both = Executors.newFixedThreadPool(2)) {
                List<Future<Integer>> sent =
                        List.of(SECOND, THIRD).stream()
                                .map(
                                        token ->
                                                both.submit(
                                                        () -> {
                                                            together.await();
                                                            return decide(token, id, "approve")
                                                                    .extract()
                                                                    .statusCode();
                                                        }))
                                .toList();
                for (Future<Integer> one : sent) {
                    answers.add(one.get());
                }
            }

            assertThat(answers).containsExactlyInAnyOrder(200, 409);
            given().get("/v1/markets/ETH-PERP").then().body("version", equalTo(next + 1));
            given().get("/v1/markets/ETH-PERP/versions").then().body("items", hasSize(next + 1));
        }
    }

    @Test
    void shouldRefuseWhatDoesNotFollowAnyMoreAndNeverHoldUpAHalt() throws Exception {
        String id =
                id(ask(definition("AVAX-PERP", "version", 2, "takerFee", "0.002")).statusCode(202));
        String other =
                id(ask(definition("AVAX-PERP", "version", 2, "takerFee", "0.003")).statusCode(202));
        ask(definition("AVAX-PERP", "version", 2, "takerFee", "0.004"))
                .statusCode(422)
                .body("code", equalTo("APPROVALS_EXHAUSTED"));

        ask(definition("AVAX-PERP", "version", 2, "status", "HALTED")).statusCode(201);

        decide(SECOND, id, "approve")
                .statusCode(409)
                .body("code", equalTo("VERSION_NOT_NEXT"))
                .body("field", equalTo("definition.version"));
        read(READER, "/v1/market-approvals/" + id).body("state", equalTo("OPEN"));
        decide(SECOND, id, "reject").statusCode(200).body("state", equalTo("REJECTED"));
        decide(SECOND, id, "reject").statusCode(200).body("outcome", nullValue());
        decide(SECOND, id, "approve").statusCode(409).body("code", equalTo("APPROVAL_DECIDED"));
        read(READER, "/v1/market-approvals?market=AVAX-PERP&limit=1")
                .body("items.id", equalTo(List.of(other)))
                .body("nextCursor", notNullValue());
        String cursor =
                read(READER, "/v1/market-approvals?market=AVAX-PERP&limit=1")
                        .extract()
                        .path("nextCursor");
        read(READER, "/v1/market-approvals?market=AVAX-PERP&limit=1&cursor=" + cursor)
                .body("items.id", equalTo(List.of(id)))
                .body("nextCursor", nullValue());
        read(READER, "/v1/market-approvals").body("items.id", hasItem(id));
        given().get("/v1/markets/AVAX-PERP").then().body("status", equalTo("HALTED"));
    }

    @Test
    void shouldSetAFundingRateBeyondTheBoundByTwoAndTakeItBackByOne() throws Exception {
        Instant until = Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.MILLIS);
        override("MANUAL", "0.001", until).statusCode(201).body("number", equalTo(1));
        String id =
                id(
                        override("EMERGENCY", "-0.2", until)
                                .statusCode(202)
                                .body("exceeds.field", equalTo(List.of("rate")))
                                .body("funding.rate", equalTo("-0.2"))
                                .body("version", nullValue()));

        decide(SECOND, id, "approve").statusCode(200).body("outcome", equalTo(2));

        override("EMERGENCY", "-0.2", until).statusCode(202).body("id", equalTo(id));
        given().header("Authorization", "Bearer " + ASKER)
                .delete("/v1/markets/MATIC-PERP/funding-overrides?reason=over")
                .then()
                .statusCode(200)
                .body("number", equalTo(3));
        override("EMERGENCY", "-0.2", until).statusCode(202).body("id", not(equalTo(id)));
    }

    private static ValidatableResponse override(String kind, String rate, Instant until) {
        return given().contentType("application/json")
                .header("Authorization", "Bearer " + ASKER)
                .body(
                        JSON.createObjectNode()
                                .put("kind", kind)
                                .put("rate", rate)
                                .put("until", until.toString())
                                .put("reason", "as the test wants it")
                                .toString())
                .post("/v1/markets/MATIC-PERP/funding-overrides")
                .then();
    }

    @Test
    void shouldRefuseRequestsThatAreNone() {
        decide(SECOND, "999999999", "approve")
                .statusCode(404)
                .body("code", equalTo("APPROVAL_UNKNOWN"));
        decide(SECOND, "one", "reject").statusCode(400).body("field", equalTo("approvalId"));
        read(READER, "/v1/market-approvals?state=LOST")
                .statusCode(400)
                .body("allowed", hasItem("OPEN"));
        read(READER, "/v1/market-approvals?market=NONE-PERP").statusCode(404);
    }

    /** The rules stand in the database too. */
    @Test
    void shouldBeKeptByTheDatabaseWhoeverWrites() throws Exception {
        String insert =
                "insert into market_approval (market_id, symbol, wanted, exceeded_fields,"
                        + " exceeded_details, reason, state, requested_by, requested_millis,"
                        + " expires_millis) values (5, 'MATIC-PERP', '{}', '{a}', '{b}', 'why', 'OPEN',"
                        + " 7, 1, 2000) returning approval_id";
        refused(
                insert,
                "update market_approval set state = 'APPROVED', decided_by = 7, decided_millis = 5,"
                        + " decision_reason = 'mine', outcome = 1 where requested_millis = 1",
                "market_approval_takes_two_administrators");
        refused(
                insert,
                "update market_approval set state = 'REJECTED', decided_by = 8, decided_millis ="
                        + " 2000, decision_reason = 'late' where requested_millis = 1",
                "market_approval_is_decided_in_time");
        refused(insert, "update market_approval set wanted = '{\"a\":1}'", "permission denied");
        refused(insert, "delete from market_approval", "permission denied");
        refused(
                insert,
                "update market_approval set state = 'OPEN' where requested_millis = 1",
                "never to OPEN");
    }

    private void refused(String first, String then, String why) throws SQLException {
        try (Connection shard = shardDatabase.getConnection();
                Statement statement = shard.createStatement()) {
            shard.setAutoCommit(false);
            statement.execute(first);
            assertThatThrownBy(() -> statement.execute(then))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(why);
            shard.rollback();
        }
    }

    static List<MarketApprovalState> moves(String symbol) {
        return decisions(symbol).stream()
                .filter(MarketApprovalMoved.class::isInstance)
                .map(MarketApprovalMoved.class::cast)
                .map(MarketApprovalMoved::state)
                .toList();
    }

    /** What the audit log is to have of a market. */
    private static List<MarketDecision> decisions(String symbol) {
        List<TopicPartition> partitions =
                IntStream.range(0, Topics.MARKET_DECISIONS.partitions())
                        .mapToObj(
                                partition ->
                                        new TopicPartition(
                                                Topics.MARKET_DECISIONS.name(), partition))
                        .toList();
        String id = given().get("/v1/markets/" + symbol).path("id");
        List<MarketDecision> decisions = new ArrayList<>();
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
                        .forEach(
                                record ->
                                        decisions.add(
                                                EventCodec.decode(
                                                        MarketDecision.class, record.value())));
            }
        }
        return decisions.stream()
                .filter(decision -> decision.market().toString().equals(id))
                .toList();
    }
}
