package io.perpetua.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The budgets of class SECRET are the ones that a test can spend: see application.properties. */
@QuarkusTest
@QuarkusTestResource(AccessTokensResource.class)
class RateBudgetFilterTest {
    private static final String GOOD = "{\"price\":\"12.5\",\"side\":\"BUY\"}";

    private static Response post(int user, String address, String path, String body) {
        return given().header("Authorization", "Bearer " + TestTokens.of(user))
                .header("X-Forwarded-For", address)
                .contentType("application/json")
                .body(body)
                .post(path);
    }

    @Test
    void shouldRefuseWithTheTimeToTryAgainWhenTheBudgetIsSpent() {
        // Given
        for (int left = 2; left >= 0; left--) {
            post(71, "192.0.2.71", "/v1/samples/secret", GOOD)
                    .then()
                    .statusCode(200)
                    .header(
                            "RateLimit-Policy",
                            "\"secret-user\";q=3;w=300, \"secret-address\";q=5;w=100")
                    .header(
                            "RateLimit",
                            "\"secret-user\";r=%d;t=100, \"secret-address\";r=%d;t=20"
                                    .formatted(left, left + 2));
        }

        // When: the body is not even read
        Response refused = post(71, "192.0.2.71", "/v1/samples/secret", "{");

        // Then
        refused.then()
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", matchesPattern("9\\d|100"))
                .header("RateLimit", startsWith("\"secret-user\";r=0;t="))
                .body("code", equalTo("RATE_LIMITED"));
    }

    @Test
    void shouldCheckNoMoreTokensOfAnAddressWhenTooManyWereBad() {
        Response answer = bad("192.0.2.60");
        for (int i = 0; i < 200 && answer.statusCode() == 401; i++) {
            answer.then().header("RateLimit", startsWith("\"sign-in-address\";r="));
            answer = bad("192.0.2.60");
        }

        answer.then()
                .statusCode(429)
                .header("Retry-After", matchesPattern("9\\d|100"))
                .header("RateLimit", startsWith("\"sign-in-address\";r=0;t="))
                .body("code", equalTo("RATE_LIMITED"));
        assertThat(bad("192.0.2.61").statusCode()).isEqualTo(401);
        given().header("X-Forwarded-For", "192.0.2.60")
                .get("/v1/samples/7")
                .then()
                .statusCode(401)
                .body("code", equalTo("TOKEN_MISSING"));
    }

    private static Response bad(String address) {
        return given().header("Authorization", "Bearer e30.e30.AAAA")
                .header("X-Forwarded-For", address)
                .get("/v1/samples/7");
    }

    @Test
    void shouldRefuseAnAddressWhenItsUsersHaveSpentItsBudgetTogether() {
        // Given
        for (int i = 0; i < 5; i++) {
            post(80 + i, "192.0.2.80", "/v1/samples/secret", GOOD).then().statusCode(200);
        }

        // When
        Response refused = post(90, "192.0.2.80", "/v1/samples/secret", GOOD);

        // Then
        refused.then().statusCode(429).header("RateLimit", startsWith("\"secret-address\";r=0;t="));
        post(90, "192.0.2.81", "/v1/samples/secret", GOOD).then().statusCode(200);
    }

    @Test
    void shouldChargeWhatTheBodyTellsWhenTheOperationSaysSo() {
        // Given
        String reducing = "{\"price\":\"1\",\"side\":\"BUY\",\"reduceOnly\":true}";
        String path = "/v1/samples/told";
        for (int i = 0; i < 2; i++) {
            post(72, "192.0.2.72", path, GOOD).then().statusCode(200);
        }
        post(72, "192.0.2.72", path, "{").then().statusCode(400);

        // When
        Response refused = post(72, "192.0.2.72", path, GOOD);

        // Then
        refused.then().statusCode(429).body("code", equalTo("RATE_LIMITED"));
        post(72, "192.0.2.72", path, reducing)
                .then()
                .statusCode(200)
                .header("RateLimit", startsWith("\"cancel-user\";"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/samples", "/v1/samples/fast"})
    void shouldTellWhatIsLeftWhenTheAnswerIsARefusalToo(String path) {
        // When
        Response answer = post(73, "192.0.2.73", path, "{");

        // Then
        answer.then().statusCode(400).header("RateLimit", startsWith("\"write-user\";r="));
    }

    @Test
    void shouldChargeTheAddressAloneWhenNobodyIsKnown() {
        // When
        Response answer = given().get("/v1/samples/public");

        // Then
        answer.then().statusCode(200).header("RateLimit", startsWith("\"read-address\";r="));
    }

    @Test
    void shouldSayNothingOfBudgetsWhenTheOperationIsUnmetered() {
        // When
        Response answer = given().get("/v1/samples/unmetered");

        // Then
        answer.then().statusCode(200);
        assertThat(answer.headers().hasHeaderWithName("RateLimit")).isFalse();
        given().queryParam("format", "json")
                .get("/q/openapi")
                .then()
                .body("paths.'/v1/samples/unmetered'.get.responses", not(hasKey("429")))
                .body("paths.'/v1/samples'.post.responses", hasKey("429"));
    }
}
