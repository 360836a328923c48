package io.perpetua.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service with real PostgreSQL and Kafka, the services around it played by the test. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
@TestProfile(OrdersIT.SmallBudgets.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdersIT {
    /** Budgets that a test can fill, and patience enough to look at them when they are full. */
    public static class SmallBudgets implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "perpetua.orders.placements-waiting-max", "3",
                    "perpetua.orders.reductions-waiting-max", "2",
                    "perpetua.orders.answer-within-millis", "30000");
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MAKER = 1001;
    private static final long TAKER = 1002;
    private static final long STRANGER = 1003;
    private static final Map<String, Integer> MARKETS =
            Map.of("AAA-PERP", 21, "BBB-PERP", 22, "CCC-PERP", 23, "DDD-PERP", 24);

    @ConfigProperty(name = "perpetua.database.url")
    String databaseUrl;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @Inject MeterRegistry metrics;

    private PlayedPlatform platform;

    @BeforeEach
    void startPlatform() throws Exception {
        if (platform != null) {
            return;
        }
        platform = new PlayedPlatform(databaseUrl, password, bootstrapServers);
        platform.startRisk();
        platform.list(
                MARKETS.entrySet().stream()
                        .map(market -> Admissions.market(market.getValue(), market.getKey()))
                        .toArray(Market[]::new));
        await().atMost(PATIENCE)
                .until(
                        () ->
                                place(STRANGER, limit("AAA-PERP", "BUY", "1", "1"))
                                                .extract()
                                                .statusCode()
                                        == 201);
        given(STRANGER).delete("/v1/orders?subaccountId=" + STRANGER).then().statusCode(200);
    }

    @AfterAll
    void stopPlatform() {
        platform.close();
    }

    @Test
    void shouldTradeWhenPricesMeet() {
        // Given
        String makerOrder =
                place(MAKER, limit("AAA-PERP", "SELL", "1000.5", "2"))
                        .statusCode(201)
                        .body("status", equalTo("OPEN"))
                        .body("market", equalTo("AAA-PERP"))
                        .body("remaining", equalTo("2"))
                        .body("averagePrice", nullValue())
                        .body("createdAt", endsWith("Z"))
                        .extract()
                        .path("orderId");
        Map<String, Object> market = order("AAA-PERP", "BUY", "0.5");
        market.put("type", "MARKET");

        // When
        Response taken =
                place(TAKER, market)
                        .statusCode(201)
                        .body("status", equalTo("FILLED"))
                        .body("timeInForce", equalTo("IOC"))
                        .body("averagePrice", equalTo("1000.5"))
                        .body("quote", equalTo("500.25"))
                        .extract()
                        .response();

        // Then
        String takerOrder = taken.path("orderId");
        assertThat(taken.header("Location")).endsWith("/v1/orders/" + takerOrder);
        given(MAKER)
                .get("/v1/orders/" + makerOrder)
                .then()
                .statusCode(200)
                .body("status", equalTo("PARTIALLY_FILLED"))
                .body("filled", equalTo("0.5"))
                .body("remaining", equalTo("1.5"));
        given(TAKER)
                .get("/v1/fills?orderId=" + takerOrder)
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].liquidity", equalTo("TAKER"))
                .body("items[0].fee", equalTo("0.250125"))
                .body("items[0].positionSize", equalTo("0.5"))
                .body("items[0].positionCost", equalTo("500.25"))
                .body("nextCursor", nullValue());
        given(MAKER)
                .get("/v1/fills?orderId=" + makerOrder)
                .then()
                .body("items[0].fee", equalTo("-0.050025"))
                .body("items[0].positionSize", equalTo("-0.5"));
        RestAssured.given()
                .get("/v1/trades?market=AAA-PERP")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].takerSide", equalTo("BUY"))
                .body("items[0].price", equalTo("1000.5"));
        await().atMost(PATIENCE)
                .until(
                        () ->
                                "1.5"
                                        .equals(
                                                RestAssured.given()
                                                        .get("/v1/books/AAA-PERP?depth=1")
                                                        .jsonPath()
                                                        .getString("asks[0].size")));
        await().atMost(PATIENCE).until(() -> "0.5".equals(interest("AAA-PERP").get("longs")));
        assertThat(interest("AAA-PERP"))
                .containsEntry("shorts", "0.5")
                .containsEntry("cost", "0")
                .containsEntry("realised", "0")
                .containsEntry("trades", 1)
                .containsEntry("turnover", "500.25");
    }

    @Test
    void shouldCancelAndAmendWhenTheOrderIsOpen() {
        // Given
        String order = place(MAKER, limit("BBB-PERP", "BUY", "50", "3")).extract().path("orderId");

        // When, Then
        given(MAKER)
                .contentType("application/json")
                .body(Map.of("size", "2", "price", "51"))
                .patch("/v1/orders/" + order)
                .then()
                .statusCode(200)
                .body("size", equalTo("2"))
                .body("price", equalTo("51"))
                .body("status", equalTo("OPEN"));
        given(STRANGER)
                .delete("/v1/orders/" + order)
                .then()
                .statusCode(404)
                .contentType(containsString("application/problem+json"))
                .body("code", equalTo("ORDER_UNKNOWN"));
        given(MAKER)
                .delete("/v1/orders/" + order)
                .then()
                .statusCode(200)
                .body("status", equalTo("CANCELLED"))
                .body("reason", equalTo("CANCELLED_BY_USER"))
                .body("size", equalTo("2"));
        given(MAKER)
                .delete("/v1/orders/" + order)
                .then()
                .statusCode(422)
                .body("code", equalTo("ORDER_CLOSED"))
                .body("orderId", equalTo(order));
    }

    @Test
    void shouldCancelWithoutTheOrderIdWhenAsked() {
        // Given
        Map<String, Object> named = limit("CCC-PERP", "BUY", "50", "3");
        named.put("clientOrderId", "by-name");
        place(MAKER, named).statusCode(201);
        place(MAKER, limit("CCC-PERP", "BUY", "51", "1")).statusCode(201);
        place(MAKER, limit("CCC-PERP", "BUY", "52", "1")).statusCode(201);

        // When, Then
        given(MAKER)
                .delete("/v1/orders?clientOrderId=by-name&market=CCC-PERP&subaccountId=" + MAKER)
                .then()
                .statusCode(200)
                .body("cancelled", equalTo(1));
        given(MAKER)
                .get("/v1/orders?status=OPEN&market=CCC-PERP")
                .then()
                .body("items", hasSize(2))
                .body("items.price", equalTo(List.of("52", "51")));
        given(MAKER)
                .delete("/v1/orders?market=CCC-PERP&subaccountId=" + MAKER)
                .then()
                .statusCode(200)
                .body("cancelled", equalTo(2))
                .body("pending", hasSize(0));
    }

    @Test
    void shouldAnswerTheSameWhenAPlacementIsRepeated() {
        // Given
        Map<String, Object> wish = limit("DDD-PERP", "BUY", "10", "4");
        wish.put("clientOrderId", "once");
        String first = place(TAKER, wish).statusCode(201).extract().asString();
        String order = JsonPath.from(first).getString("orderId");
        given(TAKER).delete("/v1/orders/" + order).then().statusCode(200);

        // When
        String again = place(TAKER, wish).statusCode(201).extract().asString();

        // Then
        assertThat(again).isEqualTo(first);
        given(TAKER)
                .get("/v1/orders?clientOrderId=once")
                .then()
                .body("items", hasSize(1))
                .body("items[0].status", equalTo("CANCELLED"));
        wish.put("size", "5");
        place(TAKER, wish).statusCode(409).body("code", equalTo("CLIENT_ORDER_ID_REUSED"));
    }

    @Test
    void shouldRefuseAgainWhenARefusedPlacementIsRepeated() {
        // Given
        Map<String, Object> wish = limit("DDD-PERP", "BUY", "10", PlayedRisk.TOO_LARGE);
        wish.put("clientOrderId", "refused-once");
        String order =
                place(TAKER, wish)
                        .statusCode(422)
                        .body("code", equalTo("MARGIN_INSUFFICIENT"))
                        .body("retryable", equalTo(true))
                        .body("orderId", notNullValue())
                        .extract()
                        .path("orderId");

        // When
        ValidatableResponse again = place(TAKER, wish);

        // Then
        again.statusCode(422)
                .body("code", equalTo("MARGIN_INSUFFICIENT"))
                .body("orderId", equalTo(order));
        given(TAKER)
                .get("/v1/orders/" + order)
                .then()
                .statusCode(200)
                .body("status", equalTo("REJECTED"))
                .body("reason", equalTo("MARGIN_INSUFFICIENT"));
        Map<String, Object> elsewhere = limit("DDD-PERP", "BUY", "10", "1");
        elsewhere.put("subaccountId", Long.toString(PlayedRisk.UNKNOWN_SUBACCOUNT));
        place(TAKER, elsewhere).statusCode(404).body("code", equalTo("SUBACCOUNT_UNKNOWN"));
    }

    @Test
    void shouldShedNewOrdersAndTakeCancelsWhenTheirBudgetIsFull() throws Exception {
        Map<String, Object> reducing = limit("DDD-PERP", "SELL", "9", "1");
        reducing.put("reduceOnly", true);
        List<Future<Integer>> taken = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            platform.stopRisk();
            try {
                for (int i = 0; i < 3; i++) {
                    Map<String, Object> order = limit("DDD-PERP", "BUY", "7", "1");
                    taken.add(clients.submit(() -> place(MAKER, order).extract().statusCode()));
                }
                await().atMost(PATIENCE).until(() -> waiting() == 3);

                // When, then
                place(MAKER, limit("DDD-PERP", "BUY", "7", "1"))
                        .statusCode(503)
                        .contentType("application/problem+json")
                        .header("Retry-After", "1")
                        .body("code", equalTo("OVERLOADED"))
                        .body("retryable", equalTo(true));
                batch(MAKER, List.of(limit("DDD-PERP", "BUY", "7", "1")))
                        .then()
                        .statusCode(503)
                        .header("Retry-After", "1")
                        .body("code", equalTo("OVERLOADED"));
                for (int i = 0; i < 2; i++) {
                    Map<String, Object> order = new HashMap<>(reducing);
                    taken.add(clients.submit(() -> place(MAKER, order).extract().statusCode()));
                }
                await().atMost(PATIENCE).until(() -> waiting() == 5);
                place(MAKER, new HashMap<>(reducing))
                        .statusCode(503)
                        .body("code", equalTo("OVERLOADED"));
                taken.add(
                        clients.submit(
                                () ->
                                        given(MAKER)
                                                .delete(
                                                        "/v1/orders?market=DDD-PERP&subaccountId="
                                                                + MAKER)
                                                .statusCode()));
                await().atMost(PATIENCE).until(() -> waiting() == 6);
            } finally {
                platform.startRisk();
            }
            for (Future<Integer> answer : taken) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isIn(200, 201, 202, 422);
            }
        }
        await().atMost(PATIENCE).until(() -> waiting() == 0);
        place(MAKER, limit("DDD-PERP", "BUY", "7", "1")).statusCode(201);
        given(MAKER)
                .delete("/v1/orders?market=DDD-PERP&subaccountId=" + MAKER)
                .then()
                .statusCode(200);
    }

    private int waiting() {
        return (int) metrics.get("perpetua.orders.waiting").gauge().value();
    }

    @Test
    void shouldPageThroughOrdersWhenThereAreMoreThanTheLimit() {
        // Given
        for (int price = 1; price <= 3; price++) {
            place(STRANGER, limit("BBB-PERP", "BUY", Integer.toString(price), "1")).statusCode(201);
        }

        // When
        var first = given(STRANGER).get("/v1/orders?market=BBB-PERP&limit=2").then().extract();
        var second =
                given(STRANGER)
                        .get(
                                "/v1/orders?market=BBB-PERP&limit=2&cursor="
                                        + first.path("nextCursor"))
                        .then()
                        .extract();

        // Then
        assertThat(first.<List<String>>path("items.price")).containsExactly("3", "2");
        assertThat(second.<List<String>>path("items.price")).containsExactly("1");
        assertThat(second.<String>path("nextCursor")).isNull();
    }

    @Test
    void shouldAnswerEachForItselfWhenSeveralOrdersComeTogether() {
        // Given
        String foreign =
                place(STRANGER, limit("CCC-PERP", "BUY", "5", "1"))
                        .statusCode(201)
                        .extract()
                        .path("orderId");
        Map<String, Object> known = limit("CCC-PERP", "BUY", "6", "1");
        known.put("clientOrderId", "batch-1");
        Map<String, Object> offTick = limit("CCC-PERP", "BUY", "6.00000001", "1");
        List<Map<String, Object>> orders =
                List.of(known, offTick, limit("CCC-PERP", "SELL", "7", "2"));

        // When
        Response placed = batch(MAKER, orders);
        Response again = batch(MAKER, List.of(known));

        // Then
        placed.then()
                .statusCode(200)
                .body("results.status", contains(201, 422, 201))
                .body("results[0].order.clientOrderId", equalTo("batch-1"))
                .body("results[0].problem", nullValue())
                .body("results[1].problem.code", equalTo("PRICE_OFF_TICK"))
                .body("results[1].problem.field", equalTo("price"))
                .body("results[2].order.side", equalTo("SELL"));
        again.then().statusCode(200).body("results.status", contains(201));
        assertThat(again.<Object>path("results[0].order"))
                .isEqualTo(placed.path("results[0].order"));

        // And when
        String first = placed.path("results[0].order.orderId");
        String second = placed.path("results[2].order.orderId");
        Response cancelled =
                given(MAKER)
                        .contentType("application/json")
                        .body(Map.of("orderIds", List.of(second, foreign, first, first)))
                        .post("/v1/orders/batch-cancel");

        // Then
        cancelled
                .then()
                .statusCode(200)
                .body("results.status", contains(200, 404, 200, 422))
                .body("results[0].order.status", equalTo("CANCELLED"))
                .body("results[1].problem.code", equalTo("ORDER_UNKNOWN"))
                .body("results[2].order.orderId", equalTo(first))
                .body("results[3].problem.code", equalTo("ORDER_CLOSED"));
        given(STRANGER).get("/v1/orders/" + foreign).then().body("status", equalTo("OPEN"));
        given(STRANGER).delete("/v1/orders/" + foreign).then().statusCode(200);
    }

    @Test
    void shouldPlaceNoneWhenOneOfSeveralIsMalformed() {
        Map<String, Object> good = limit("CCC-PERP", "BUY", "6", "1");
        Map<String, Object> bad = new HashMap<>(good);
        bad.remove("price");
        Map<String, Object> elsewhere = new HashMap<>(good);
        elsewhere.put("market", "NONE-PERP");
        refused(batch(TAKER, List.of(good, bad)), 400, "FIELD_MISSING", "orders[1].price");
        refused(batch(TAKER, List.of(good, elsewhere)), 422, "MARKET_UNKNOWN", "orders[1].market");
        refused(batch(TAKER, List.of()), 400, "FIELD_INVALID", "orders");
        refused(batch(TAKER, Collections.nCopies(21, good)), 400, "FIELD_INVALID", "orders");
        refused(batch(TAKER, Arrays.asList(good, null)), 400, "FIELD_MISSING", "orders[1]");
        given(TAKER)
                .get("/v1/orders?status=OPEN&market=CCC-PERP")
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
    }

    private static void refused(Response answer, int status, String code, String field) {
        answer.then().statusCode(status).body("code", equalTo(code)).body("field", equalTo(field));
    }

    private static Response batch(long user, List<Map<String, Object>> orders) {
        for (Map<String, Object> order : orders) {
            if (order != null) {
                order.putIfAbsent("subaccountId", Long.toString(user));
            }
        }
        return given(user)
                .contentType("application/json")
                .body(Map.of("orders", orders))
                .post("/v1/orders/batch");
    }

    @Test
    void shouldNameTheFieldWhenTheRequestIsMalformed() {
        place(MAKER, with("price", null)).statusCode(400).body("field", equalTo("price"));
        place(MAKER, with("price", 12.5)).statusCode(400).body("field", equalTo("price"));
        place(MAKER, with("price", "1e3")).statusCode(400).body("field", equalTo("price"));
        place(MAKER, with("size", "-1")).statusCode(400).body("field", equalTo("size"));
        place(MAKER, with("size", "9".repeat(30))).statusCode(400).body("field", equalTo("size"));
        place(MAKER, with("side", "LONG"))
                .statusCode(400)
                .body("field", equalTo("side"))
                .body("allowed", equalTo(List.of("BUY", "SELL")));
        place(MAKER, with("surprise", "1")).statusCode(400).body("field", equalTo("surprise"));
        place(MAKER, with("clientOrderId", "no blanks"))
                .statusCode(400)
                .body("field", equalTo("clientOrderId"));
        place(MAKER, with("validUntil", "soon"))
                .statusCode(400)
                .body("field", equalTo("validUntil"));
        place(MAKER, with("market", "NO-PERP"))
                .statusCode(422)
                .body("code", equalTo("MARKET_UNKNOWN"))
                .body("field", equalTo("market"));
        given(MAKER).get("/v1/orders/12x").then().statusCode(400).body("field", equalTo("orderId"));
        given(MAKER).get("/v1/orders/9").then().statusCode(404);
        given(MAKER).get("/v1/orders?limit=0").then().statusCode(400);
        RestAssured.given()
                .contentType("application/json")
                .body(limit("AAA-PERP", "BUY", "1", "1"))
                .post("/v1/orders")
                .then()
                .statusCode(401);
    }

    private static Map<String, Object> with(String field, Object value) {
        Map<String, Object> order = limit("AAA-PERP", "BUY", "1", "1");
        order.put("subaccountId", Long.toString(MAKER));
        order.put(field, value);
        return order;
    }

    private static Map<String, Object> limit(
            String market, String side, String price, String size) {
        Map<String, Object> order = order(market, side, size);
        order.put("type", "LIMIT");
        order.put("price", price);
        return order;
    }

    private static Map<String, Object> order(String market, String side, String size) {
        Map<String, Object> order = new HashMap<>();
        order.put("market", market);
        order.put("side", side);
        order.put("size", size);
        return order;
    }

    private static ValidatableResponse place(long user, Map<String, Object> order) {
        order.putIfAbsent("subaccountId", Long.toString(user));
        return given(user).contentType("application/json").body(order).post("/v1/orders").then();
    }

    private static RequestSpecification given(long user) {
        return RestAssured.given().header("Authorization", "Bearer " + TestTokens.of(user));
    }

    private static JsonPath openInterest() {
        return RestAssured.given().get("/v1/open-interest").jsonPath();
    }

    private static Map<String, Object> interest(String market) {
        return openInterest().getMap("items.find { it.market == '" + market + "' }");
    }
}
