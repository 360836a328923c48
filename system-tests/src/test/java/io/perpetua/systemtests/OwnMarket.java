package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.testkit.StreamClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Markets of a test's own, in which nobody else has orders or positions: as AVAX-PERP is, and with
 * its oracle.
 */
final class OwnMarket {
    private static final String LIKE = "AVAX-PERP";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private OwnMarket() {}

    /** Lists a market of this base asset and opens it, which takes two administrators. */
    static String open(Stack stack, Api api, String base) throws Exception {
        Administrator admin = Administrator.first(stack, api);
        Administrator second = Administrator.second(stack, api);
        ObjectNode definition = announced(api, base);
        String symbol = definition.path("symbol").asText();
        int version = 0;
        for (String status : List.of("ANNOUNCED", "POST_ONLY", "ACTIVE")) {
            definition.put("version", ++version).put("status", status);
            Answer answer =
                    admin.persist(
                            "POST",
                            "/v1/markets/" + symbol + "/versions",
                            Map.of("definition", definition, "reason", "a market of its own"));
            assertThat(answer.status()).as("%s", answer).isIn(201, 202);
            if (answer.status() == 202) {
                second.persist(
                                "POST",
                                "/v1/market-approvals/"
                                        + answer.body().path("id").asText()
                                        + "/approve",
                                Map.of("reason", "looked at twice"))
                        .orThrow();
            }
        }
        awaitPrice(api, symbol);
        return symbol;
    }

    /** The definition of the first version of a market of this base asset. */
    static ObjectNode announced(Api api, String base) {
        int newest =
                api.get("/v1/markets")
                        .path("items")
                        .valueStream()
                        .mapToInt(market -> market.path("id").asInt())
                        .max()
                        .orElse(0);
        return ((ObjectNode) api.get("/v1/markets/" + LIKE))
                .put("id", Integer.toString(newest + 1))
                .put("symbol", base + "-PERP")
                .put("baseAsset", base)
                .put("version", 1)
                .put("status", "ANNOUNCED");
    }

    /** Waits for the first price, which comes a little after the market. */
    static void awaitPrice(Api api, String symbol) {
        await("a price of " + symbol)
                .atMost(PATIENCE)
                .until(() -> api.persist("GET", "/v1/prices/" + symbol, null, null).isOk());
    }

    /** From here on the index stays as it is, by a recorded bar that takes days. */
    static void holdIndex(Api api, String symbol) {
        String price = api.get("/v1/prices/" + symbol).path("oracle").asText();
        Map<String, Object> bar =
                Api.body(
                        "timestamp", Instant.now().toString(),
                        "open", price,
                        "high", price,
                        "low", price,
                        "close", price,
                        "volume", "1");
        api.persist(
                        "POST",
                        "/v1/prices/replay",
                        null,
                        Api.body(
                                "market",
                                symbol,
                                "bars",
                                List.of(bar),
                                "barsPerSecond",
                                "0.000001"))
                .orThrow();
        await("that the index of " + symbol + " stands")
                .atMost(PATIENCE)
                .until(
                        () ->
                                api.get("/v1/prices/" + symbol)
                                        .path("source")
                                        .asText()
                                        .equals("replay"));
    }

    /** Subscribes to a channel of the market; streams hear of a new market through the log. */
    static void subscribe(StreamClient stream, String channel, String symbol) {
        await("the %s of %s".formatted(channel, symbol))
                .atMost(PATIENCE)
                .until(
                        () -> {
                            stream.send(
                                    "{\"op\":\"subscribe\",\"channel\":\"%s\",\"market\":\"%s\"}"
                                            .formatted(channel, symbol));
                            return stream.await(
                                            text ->
                                                    text.contains("subscribed")
                                                            || text.contains("MARKET_UNKNOWN"))
                                    .contains("subscribed");
                        });
    }
}
