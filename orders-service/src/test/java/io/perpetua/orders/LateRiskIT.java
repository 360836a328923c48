package io.perpetua.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What a client is told who waited long enough for risk's decision. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
@TestProfile(LateRiskIT.ShortWaits.class)
class LateRiskIT {
    /** Long enough for the journal, and for no outcome that does not come. */
    public static class ShortWaits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("perpetua.orders.answer-within-millis", "5000");
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long TRADER = 1301;
    private static final long STRANGER = 1302;
    private static final String MARKET = "HHH-PERP";

    @ConfigProperty(name = "perpetua.database.url")
    String databaseUrl;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @Test
    void shouldBePendingUntilDecidedWhenRiskIsLate() throws Exception {
        try (PlayedPlatform platform =
                new PlayedPlatform(databaseUrl, password, bootstrapServers)) {
            // Given
            platform.startRisk();
            platform.list(Admissions.market(28, MARKET));
            await().atMost(PATIENCE).until(() -> place(STRANGER).statusCode() == 201);
            platform.stopRisk();

            // When
            Response late;
            try {
                late = place(TRADER);
                late.then().statusCode(202).body("status", equalTo("PENDING"));
                String order = late.path("orderId");
                assertThat(late.header("Location")).endsWith("/v1/orders/" + order);
                given(TRADER)
                        .get("/v1/orders/" + order)
                        .then()
                        .statusCode(200)
                        .body("status", equalTo("PENDING"))
                        .body("price", equalTo("7"));
                given(STRANGER).get("/v1/orders/" + order).then().statusCode(404);
            } finally {
                platform.startRisk();
            }

            // Then
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    "OPEN"
                                            .equals(
                                                    given(TRADER)
                                                            .get(
                                                                    "/v1/orders/"
                                                                            + late.path("orderId"))
                                                            .path("status")));
        }
    }

    private static Response place(long user) {
        return given(user)
                .contentType("application/json")
                .body(
                        Map.of(
                                "subaccountId", Long.toString(user),
                                "market", MARKET,
                                "side", "BUY",
                                "type", "LIMIT",
                                "price", "7",
                                "size", "1"))
                .post("/v1/orders");
    }

    private static RequestSpecification given(long user) {
        return RestAssured.given().header("Authorization", "Bearer " + TestTokens.of(user));
    }
}
