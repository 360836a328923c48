package io.perpetua.marketdata;

import io.perpetua.testkit.OpenApiContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;

@QuarkusTest
@TestProfile(OpenApiContractTest.Offline.class)
class OpenApiContractTest extends OpenApiContract {
    /** Boots without a database and without Kafka. */
    public static class Offline implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.flyway.migrate-at-start", "false",
                    "perpetua.market-data.log-enabled", "false");
        }
    }
}
