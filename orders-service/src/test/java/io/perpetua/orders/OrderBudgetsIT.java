package io.perpetua.orders;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A user who has spent the budget of orders still gets out. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
@TestProfile(OrderBudgetsIT.ThreeOrders.class)
class OrderBudgetsIT {
    /** Three orders of a user, one more in 100 s. */
    public static class ThreeOrders implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "perpetua.budgets.percent", "1",
                    "perpetua.budgets.order-entry.user-burst", "300",
                    "perpetua.budgets.order-entry.user-per-second", "1",
                    "perpetua.budgets.order-entry.address-burst", "1000000",
                    "perpetua.budgets.cancel.user-burst", "10000",
                    "perpetua.budgets.cancel.address-burst", "1000000",
                    "perpetua.budgets.read.address-burst", "1000000",
                    "perpetua.budgets.read.address-per-second", "1000000");
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long TRADER = 1101;
    private static final long BATCHER = 1102;
    private static final String MARKET = "EEE-PERP";

    @ConfigProperty(name = "perpetua.database.url")
    String databaseUrl;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    private long othersTried = 2000;

    @Test
    void shouldTakeCancelsAndReductionsWhenTheBudgetOfOrdersIsSpent() throws Exception {
        try (PlayedPlatform platform =
                new PlayedPlatform(databaseUrl, password, bootstrapServers)) {
            // Given
            platform.startRisk();
            platform.list(Admissions.market(25, MARKET));
            await().atMost(PATIENCE)
                    .until(() -> place(++othersTried, false).extract().statusCode() == 201);
            batch(BATCHER, 2).statusCode(200);
            batch(BATCHER, 2).statusCode(429).body("code", equalTo("RATE_LIMITED"));
            place(BATCHER, false)
                    .statusCode(201)
                    .header("RateLimit", startsWith("\"order-entry-user\";r=0;"));
            String first = place(TRADER, false).statusCode(201).extract().path("orderId");
            place(TRADER, false).statusCode(201);
            place(TRADER, false)
                    .statusCode(201)
                    .header("RateLimit", startsWith("\"order-entry-user\";r=0;"));

            // When
            ValidatableResponse refused = place(TRADER, false);

            // Then
            refused.statusCode(429)
                    .contentType("application/problem+json")
                    .header("Retry-After", matchesPattern("[0-9]+"))
                    .body("code", equalTo("RATE_LIMITED"));
            given(TRADER)
                    .contentType("application/json")
                    .body(Map.of("size", "2"))
                    .patch("/v1/orders/" + first)
                    .then()
                    .statusCode(429);
            place(TRADER, true)
                    .statusCode(422)
                    .body("code", equalTo("REDUCE_ONLY_WOULD_INCREASE"))
                    .header("RateLimit", startsWith("\"cancel-user\";r="));
            given(TRADER).delete("/v1/orders/" + first).then().statusCode(200);
            given(TRADER)
                    .delete("/v1/orders?subaccountId=" + TRADER)
                    .then()
                    .statusCode(200)
                    .body("cancelled", equalTo(2));
        }
    }

    private static ValidatableResponse place(long user, boolean reduceOnly) {
        return given(user)
                .contentType("application/json")
                .body(order(user, reduceOnly))
                .post("/v1/orders")
                .then();
    }

    private static ValidatableResponse batch(long user, int orders) {
        return given(user)
                .contentType("application/json")
                .body(Map.of("orders", Collections.nCopies(orders, order(user, false))))
                .post("/v1/orders/batch")
                .then();
    }

    private static Map<String, Object> order(long user, boolean reduceOnly) {
        Map<String, Object> order = new HashMap<>();
        order.put("subaccountId", Long.toString(user));
        order.put("market", MARKET);
        order.put("side", "BUY");
        order.put("type", "LIMIT");
        order.put("price", "7");
        order.put("size", "1");
        order.put("reduceOnly", reduceOnly);
        return order;
    }

    private static RequestSpecification given(long user) {
        return RestAssured.given().header("Authorization", "Bearer " + TestTokens.of(user));
    }
}
