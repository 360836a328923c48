package io.perpetua.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Agents;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestAgent;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** An agent's orders, cancels and amendments over HTTP: within its filter, and once. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
class AgentOrdersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long USER = 1201;
    private static final long HIDDEN = 1202;
    private static final String OPEN_MARKET = "FFF-PERP";
    private static final String OTHER_MARKET = "GGG-PERP";

    private final TestAgent agent = new TestAgent();
    private long nonce = System.currentTimeMillis();

    @Inject Agents agents;

    @ConfigProperty(name = "perpetua.database.url")
    String databaseUrl;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @Test
    void shouldGiveTheFirstAnswerToWhatComesAgainAndNothingBeyondTheFilter() throws Exception {
        try (PlayedPlatform platform =
                new PlayedPlatform(databaseUrl, password, bootstrapServers)) {
            // Given
            platform.startRisk();
            platform.list(Admissions.market(26, OPEN_MARKET), Admissions.market(27, OTHER_MARKET));
            await().atMost(PATIENCE).until(() -> byUser(HIDDEN, OPEN_MARKET).statusCode() == 201);
            await().atMost(PATIENCE).until(() -> byUser(USER, OTHER_MARKET).statusCode() == 201);
            String hidden = byUser(HIDDEN, OPEN_MARKET).path("orderId");
            agents.put(
                    new Agent(
                            new UserId(USER),
                            agent.address(),
                            false,
                            List.of(AgentScope.READ, AgentScope.TRADE),
                            AgentFilter.allOf(
                                    AgentFilter.subaccounts(new SubaccountId(USER)),
                                    AgentFilter.markets(new MarketId(26))),
                            List.of(),
                            System.currentTimeMillis() + 3_600_000));

            // A placement
            String order = order(USER, OPEN_MARKET);
            Response placed = send("POST", "/v1/orders", order, ++nonce);
            placed.then().statusCode(201);
            String id = placed.path("orderId");
            same(send("POST", "/v1/orders", order, nonce), placed);
            refused(
                    send("POST", "/v1/orders", order(HIDDEN, OPEN_MARKET), ++nonce),
                    403,
                    "AGENT_FILTERED");
            refused(
                    send("POST", "/v1/orders", order(USER, OTHER_MARKET), ++nonce),
                    403,
                    "AGENT_FILTERED");

            // An amendment and a cancel, each again after the other
            String path = "/v1/orders/" + id;
            Response amended = send("PATCH", path, "{\"size\":\"3\"}", ++nonce);
            amended.then().statusCode(200).body("size", equalTo("3"));
            Response cancelled = send("DELETE", path, null, ++nonce);
            cancelled.then().statusCode(200).body("status", equalTo("CANCELLED"));
            same(send("PATCH", path, "{\"size\":\"3\"}", nonce - 1), amended);
            same(send("DELETE", path, null, nonce), cancelled);
            refused(send("DELETE", path, null, ++nonce), 422, "ORDER_CLOSED");
            refused(send("DELETE", path, null, nonce), 422, "ORDER_CLOSED");

            // Of everything in reach, once
            send("POST", "/v1/orders", order, ++nonce).then().statusCode(201);
            String all = "/v1/orders?subaccountId=" + USER;
            Response first = send("DELETE", all, null, ++nonce);
            first.then().statusCode(200).body("cancelled", equalTo(1));
            String kept = send("POST", "/v1/orders", order, ++nonce).path("orderId");
            same(send("DELETE", all, null, nonce - 1), first);
            send("GET", "/v1/orders?status=OPEN", null, null)
                    .then()
                    .statusCode(200)
                    .body("items.orderId", contains(kept));

            // Several at once take a nonce each, and come again as one
            String several = "{\"orders\":[%s,%s]}".formatted(order, order);
            long of = ++nonce;
            nonce++;
            Response both = send("POST", "/v1/orders/batch", several, of);
            both.then().statusCode(200).body("results.status", contains(201, 201));
            same(send("POST", "/v1/orders/batch", several, of), both);
            String ends =
                    "{\"orderIds\":[\"%s\",\"%s\",\"%s\"]}"
                            .formatted(
                                    both.<String>path("results[0].order.orderId"),
                                    hidden,
                                    both.<String>path("results[1].order.orderId"));
            of = ++nonce;
            nonce += 2;
            Response ended = send("POST", "/v1/orders/batch-cancel", ends, of);
            ended.then().statusCode(200).body("results.status", contains(200, 404, 200));
            same(send("POST", "/v1/orders/batch-cancel", ends, of), ended);
            String beyond = "{\"orders\":[%s,%s]}".formatted(order, order(USER, OTHER_MARKET));
            refused(send("POST", "/v1/orders/batch", beyond, ++nonce), 403, "AGENT_FILTERED");

            // What is another's looks as if it were not there
            refused(send("GET", "/v1/orders/" + hidden, null, null), 404, "ORDER_UNKNOWN");
            refused(send("DELETE", "/v1/orders/" + hidden, null, ++nonce), 404, "ORDER_UNKNOWN");
            refused(
                    send("DELETE", "/v1/orders?subaccountId=" + HIDDEN, null, ++nonce),
                    403,
                    "AGENT_FILTERED");
        }
    }

    private static String order(long subaccount, String market) {
        return """
               {"subaccountId":"%d","market":"%s","side":"BUY","type":"LIMIT","price":"7","size":"2"}"""
                .formatted(subaccount, market);
    }

    /** Both subaccounts are the user's: who plays risk here does not look. */
    private static Response byUser(long subaccount, String market) {
        return RestAssured.given()
                .header("Authorization", "Bearer " + TestTokens.of(USER))
                .contentType("application/json")
                .body(order(subaccount, market))
                .post("/v1/orders");
    }

    private Response send(String method, String uri, String body, Long withNonce) {
        RequestSpecification request =
                RestAssured.given().headers(agent.headers(method, uri, body, withNonce));
        return body == null
                ? request.request(method, uri)
                : request.contentType("application/json").body(body).request(method, uri);
    }

    private static void same(Response again, Response first) {
        assertThat(again.statusCode()).isEqualTo(first.statusCode());
        assertThat(again.asString()).isEqualTo(first.asString());
    }

    private static void refused(Response answer, int status, String code) {
        answer.then().statusCode(status).body("code", equalTo(code));
    }
}
