package io.perpetua.risk;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ServiceBootTest.Offline.class)
class ServiceBootTest {
    /** Boots without a database and without Kafka. */
    public static class Offline implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.flyway.migrate-at-start",
                    "false",
                    "perpetua.risk.log-enabled",
                    "false");
        }
    }

    @Test
    void shouldDescribeItselfWhenBooted() {
        given().get("/q/openapi")
                .then()
                .statusCode(200)
                .body(containsString("Perpetua risk service"));
    }
}
