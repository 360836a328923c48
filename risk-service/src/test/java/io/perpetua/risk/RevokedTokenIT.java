package io.perpetua.risk;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.contracts.value.UserId;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Sign-ins that accounts-service ended, seen by a service that never asks it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
@QuarkusTestResource(value = RevokedBeforeStart.class, restrictToAnnotatedClass = true)
class RevokedTokenIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UserId USER = RevokedBeforeStart.USER;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @Test
    void shouldRefuseFromTheStartWhatWasRevokedBefore() {
        refused(positions(TestTokens.of(USER.value(), RevokedBeforeStart.SIGN_IN)));
        positions(TestTokens.of(USER.value(), "another")).then().statusCode(200);
    }

    @Test
    void shouldRefuseATokenItTookBeforeWhenItsSignInEnds() {
        String ended = TestTokens.of(USER.value(), "phone");
        String going = TestTokens.of(USER.value(), "laptop");
        positions(ended).then().statusCode(200);
        positions(going).then().statusCode(200);

        RevokedBeforeStart.revoke(bootstrapServers, USER, "phone");

        await("not taken any more")
                .atMost(PATIENCE)
                .until(() -> positions(ended).statusCode() != 200);
        refused(positions(ended));
        refused(positions(TestTokens.of(USER.value(), "phone")));
        positions(going).then().statusCode(200);
    }

    private static Response positions(String token) {
        return given().header("Authorization", "Bearer " + token).get("/v1/positions");
    }

    private static void refused(Response answer) {
        answer.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("code", equalTo("TOKEN_REVOKED"));
    }
}
