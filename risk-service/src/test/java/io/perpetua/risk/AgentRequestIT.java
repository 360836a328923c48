package io.perpetua.risk;

import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.usd;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.messaging.Wire;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestAgent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent's commands, each decided once under its nonce, over HTTP. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
class AgentRequestIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UserId USER = new UserId(77_001);
    private static final SubaccountId MAIN = new SubaccountId(770_010);
    private static final SubaccountId HEDGE = new SubaccountId(770_011);
    private static final SubaccountId HIDDEN = new SubaccountId(770_012);
    private static final String TRANSFERS = "/v1/transfers";

    private final TestAgent agent = new TestAgent();
    private Wire wire;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @BeforeEach
    void open() {
        wire = new Wire(bootstrapServers, "agent-test");
        wire.listBtcAt(price("110"));
        for (SubaccountId id : List.of(MAIN, HEDGE, HIDDEN)) {
            wire.send(new SubaccountOpened(USER, id, 0, "0x" + "0".repeat(40), 1));
        }
        wire.send(new CollateralCredited(USER, MAIN, "USDC", usd("1000"), "t1", 1, 1));
        tell(false);
        await(() -> get("/v1/accounts"), answer -> answer.statusCode() == 200);
        await(
                () -> get("/v1/accounts/" + MAIN),
                answer -> "1000".equals(answer.path("collateral")));
        await(
                () -> get("/v1/leverage?subaccountId=" + HEDGE),
                answer -> answer.statusCode() == 200);
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private void tell(boolean removed) {
        Agent now =
                new Agent(
                        USER,
                        agent.address(),
                        removed,
                        List.of(AgentScope.READ, AgentScope.TRADE, AgentScope.TRANSFER),
                        AgentFilter.subaccounts(MAIN, HEDGE),
                        List.of(),
                        System.currentTimeMillis() + 3_600_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    Topics.AGENTS.name(),
                                    Partitions.of(USER),
                                    agent.address().getBytes(StandardCharsets.UTF_8),
                                    EventCodec.encode(Agent.class, now)))
                    .get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Response get(String path) {
        return given().headers(agent.headers("GET", path, null, null)).get(path);
    }

    private Response transfer(SubaccountId to, String amount, String id, long nonce) {
        String body =
                """
                {"fromSubaccountId":"%s","toSubaccountId":"%s","amount":"%s",\
                "clientTransferId":"%s"}"""
                        .formatted(MAIN, to, amount, id);
        return given().headers(agent.headers("POST", TRANSFERS, body, nonce))
                .contentType(ContentType.JSON)
                .body(body)
                .post(TRANSFERS);
    }

    private Response leverage(int leverage, long nonce) {
        String path = "/v1/leverage/M1-PERP";
        String body = "{\"subaccountId\":\"%s\",\"leverage\":%d}".formatted(MAIN, leverage);
        return given().headers(agent.headers("PUT", path, body, nonce))
                .contentType(ContentType.JSON)
                .body(body)
                .put(path);
    }

    private static void await(Supplier<Response> asking, Predicate<Response> enough) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Response answer = asking.get();
                            assertThat(enough.test(answer)).as(answer.asString()).isTrue();
                        });
    }

    private static void refused(Response answer, int status, String code) {
        answer.then().statusCode(status).body("code", equalTo(code));
    }

    @Test
    void shouldDecideOnceUnderANonceAndNothingBeyondTheFilter() {
        long now = System.currentTimeMillis();
        get("/v1/accounts")
                .then()
                .statusCode(200)
                .body("items.subaccountId", contains(MAIN.toString(), HEDGE.toString()));
        refused(get("/v1/accounts/" + HIDDEN), 403, "AGENT_FILTERED");
        refused(get("/v1/settlements?subaccountId=" + HIDDEN), 403, "AGENT_FILTERED");
        refused(transfer(HIDDEN, "1", "h", now), 403, "AGENT_FILTERED");

        String first =
                transfer(HEDGE, "100", "a", now)
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("transferId");
        assertThat(transfer(HEDGE, "100", "a", now).<String>path("transferId")).isEqualTo(first);
        refused(transfer(HEDGE, "101", "b", now), 409, "NONCE_REUSED");
        refused(transfer(HEDGE, "1", "c", now - 3 * 86_400_000L), 409, "NONCE_OUT_OF_WINDOW");
        refused(transfer(HEDGE, "5000", "d", now + 1), 422, "WITHDRAWABLE_EXCEEDED");
        wire.send(new CollateralCredited(USER, MAIN, "USDC", usd("9000"), "t2", 2, 1));
        await(
                () -> get("/v1/accounts/" + MAIN),
                answer -> "9900".equals(answer.path("collateral")));
        // The refusal is the first answer, though the money would be there now.
        refused(transfer(HEDGE, "5000", "d", now + 1), 422, "WITHDRAWABLE_EXCEEDED");

        leverage(5, now + 2).then().statusCode(200).body("leverage", equalTo(5));
        leverage(7, now + 3).then().statusCode(200).body("leverage", equalTo(7));
        leverage(5, now + 2).then().statusCode(200).body("leverage", equalTo(5));
        await(
                () -> get("/v1/leverage?subaccountId=" + MAIN),
                answer -> Integer.valueOf(7).equals(answer.path("items[0].leverage")));

        tell(true);
        await(() -> get("/v1/accounts"), answer -> answer.statusCode() != 200);
        refused(get("/v1/accounts"), 401, "AGENT_SIGNATURE_INVALID");
        refused(transfer(HEDGE, "1", "e", now + 4), 401, "AGENT_SIGNATURE_INVALID");
    }
}
