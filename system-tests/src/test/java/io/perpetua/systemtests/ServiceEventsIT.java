package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Wallet;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators are told of the services themselves. */
class ServiceEventsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Stack stack = Stack.shared();

    @ParameterizedTest
    @ValueSource(strings = {"orders", "risk", "market-data"})
    void shouldShowAServicesEventsToWhoReadsTheAuditLogAlone(String service) throws Exception {
        String path = "/v1/system-events/" + service;
        try (Api api = new Api(stack.frontDoor())) {
            Administrator root = Administrator.first(stack, api);
            await("the start of " + service)
                    .atMost(PATIENCE)
                    .until(() -> !items(root, path + "?type=SERVICE_STARTED").isEmpty());

            JsonNode started = items(root, path + "?type=SERVICE_STARTED&severity=INFO").get(0);
            assertThat(started.path("data").asText()).contains("\"" + service + "-service:");
            Answer page = root.persist("GET", path + "?limit=1", null);
            assertThat(page.orThrow().path("items")).hasSize(1);
            String cursor = page.body().path("nextCursor").asText();
            JsonNode next = items(root, path + "?limit=1&cursor=" + cursor).get(0);
            assertThat(next.path("id").asLong())
                    .isLessThan(page.body().path("items").get(0).path("id").asLong());
            assertThat(items(root, path + "?to=2020-01-01T00:00:00Z")).isEmpty();

            assertThat(root.persist("GET", path + "?type=NONE", null).code())
                    .isEqualTo("FIELD_INVALID");
            assertThat(root.persist("GET", path + "?kind=NONE", null).status()).isEqualTo(400);
            Administrator second = Administrator.second(stack, api);
            assertThat(second.persist("GET", path, null).code()).isEqualTo("PERMISSION_MISSING");
            Session user = Session.signIn(api, Wallet.create());
            assertThat(user.persist("GET", path, null).status()).isEqualTo(401);
            assertThat(api.persist("GET", path, null, null).code()).isEqualTo("TOKEN_MISSING");
        }
    }

    @Test
    void shouldTellWhatBecameOfTheShardsOfAProcessThatWasKilled() throws Exception {
        String path = "/v1/system-events/risk?type=SERVICE_STARTED";
        try (Api api = new Api(stack.frontDoor())) {
            Administrator root = Administrator.first(stack, api);
            long before = count(items(root, path));
            long killed = stack.pid("risk-2");

            stack.kill("risk-2");
            stack.awaitRestart("risk-2", killed);

            await("the start that follows")
                    .atMost(PATIENCE)
                    .until(() -> count(items(root, path)) > before);
            await("its shards")
                    .atMost(PATIENCE)
                    .until(
                            () ->
                                    items(root, path.replace("SERVICE_STARTED", "SHARDS_TAKEN"))
                                            .get(0)
                                            .path("data")
                                            .asText()
                                            .contains("/" + stack.pid("risk-2")));
        }
    }

    private static JsonNode items(Administrator admin, String path) throws InterruptedException {
        return admin.persist("GET", path, null).orThrow().path("items");
    }

    private static long count(JsonNode events) {
        long sum = 0;
        for (JsonNode event : events) {
            sum += event.path("count").asLong();
        }
        return sum;
    }
}
