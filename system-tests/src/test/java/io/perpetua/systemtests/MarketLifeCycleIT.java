package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.demo.client.Session;
import io.perpetua.testkit.StreamClient;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * An administrator takes a market through its life, and every service does as it says: orders are
 * taken or refused by its status, and a stream through the front door tells of it.
 */
class MarketLifeCycleIT {
    /** Of its own: no other test may have left a position in a market that ends. */
    private static final String MARKET = "LIFE-PERP";

    private static final String KILLED = "MATIC-PERP";
    private static final String TWICE = "SOL-PERP";
    private static final int DECISIONS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stack stack = Stack.shared();

    /** Decisions are answered or not, asked for again or not, and their service is killed. */
    @Test
    void shouldRecordEveryDecisionOnceWhenWhoDecidesAndWhoRecordsAreKilled() throws Exception {
        try (Api api = new Api(stack.frontDoor())) {
            Administrator admin = Administrator.first(stack, api);
            ObjectNode definition = (ObjectNode) api.get("/v1/markets/" + KILLED);
            long first = definition.path("version").asLong() + 1;
            for (int i = 0; i < DECISIONS; i++) {
                definition.put("version", first + i).put("stalenessMillis", 5_000 + i);
                decide(admin, KILLED, definition);
                if (i % 2 == 0) {
                    stack.kill(i % 4 == 0 ? "accounts" : "market-data");
                }
                decide(admin, KILLED, definition);
            }

            List<JsonNode> entries = entries(admin, KILLED, DECISIONS);

            assertThat(entries)
                    .extracting(entry -> after(entry).path("definition").path("version").asLong())
                    .containsExactlyElementsOf(
                            LongStream.range(0, DECISIONS)
                                    .mapToObj(i -> first + DECISIONS - 1 - i)
                                    .toList());
            assertThat(entries)
                    .allMatch(entry -> entry.path("clientAddress").asText().equals("127.0.0.1"))
                    .allMatch(entry -> !entry.path("userAgent").asText().isEmpty());
            assertThat(
                            admin.persist("POST", "/v1/admin/audit/verify", Map.of())
                                    .orThrow()
                                    .path("whole")
                                    .asBoolean())
                    .isTrue();
        }
    }

    /**
     * Who asks and who approves are each answered or not, and the services are killed meanwhile.
     */
    @Test
    void shouldDecideByTwoOnceWhenServicesAreKilledBetweenThem() throws Exception {
        try (Api api = new Api(stack.frontDoor())) {
            Administrator admin = Administrator.first(stack, api);
            Administrator second = Administrator.make(stack, api, "eyes-second", "RISK_MANAGER");
            Administrator third = Administrator.make(stack, api, "eyes-third", "RISK_MANAGER");
            Administrator clerk = Administrator.make(stack, api, "eyes-clerk", "ADMIN");
            ObjectNode definition = (ObjectNode) api.get("/v1/markets/" + TWICE);
            long next = definition.path("version").asLong() + 1;
            definition.put("version", next).put("maxPriceChange", "0.25");

            Answer asked = ask(second, TWICE, definition);
            stack.kill("market-data");
            Answer again = ask(second, TWICE, definition);
            String id = asked.body().path("id").asText();
            assertThat(asked.status()).as(asked.body().toString()).isEqualTo(202);
            assertThat(again.body().path("id").asText()).isEqualTo(id);
            assertThat(asked.body().path("exceeds").path(0).path("field").asText())
                    .isEqualTo("definition.maxPriceChange");
            assertThat(refusal(second, id, "approve")).isEqualTo("OWN_REQUEST");
            assertThat(refusal(clerk, id, "approve")).isEqualTo("PERMISSION_MISSING");

            approve(third, id);
            stack.kill("market-data");
            stack.kill("accounts");
            assertThat(approve(third, id).path("outcome").asLong()).isEqualTo(next);
            assertThat(refusal(admin, id, "approve")).isEqualTo("APPROVAL_DECIDED");

            assertThat(api.get("/v1/markets/" + TWICE).path("version").asLong()).isEqualTo(next);
            assertThat(entries(admin, TWICE, 3))
                    .extracting(entry -> entry.path("action").asText())
                    .containsExactlyInAnyOrder(
                            "MARKET_APPROVAL_REQUESTED",
                            "MARKET_APPROVAL_GRANTED",
                            "MARKET_CHANGED");
            assertThat(
                            admin.persist("POST", "/v1/admin/audit/verify", Map.of())
                                    .orThrow()
                                    .path("whole")
                                    .asBoolean())
                    .isTrue();
        }
    }

    private static String refusal(Administrator admin, String approval, String verb)
            throws InterruptedException {
        return admin.persist(
                        "POST",
                        "/v1/market-approvals/" + approval + "/" + verb,
                        Map.of("reason", "no"))
                .code();
    }

    private static Answer decide(Administrator admin, String market, ObjectNode definition)
            throws InterruptedException {
        Answer answer = ask(admin, market, definition);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer;
    }

    private static Answer ask(Administrator admin, String market, ObjectNode definition)
            throws InterruptedException {
        return admin.persist(
                "POST",
                "/v1/markets/" + market + "/versions",
                Map.of("definition", definition, "reason", "the market's life"));
    }

    private static JsonNode approve(Administrator admin, String approval)
            throws InterruptedException {
        return admin.persist(
                        "POST",
                        "/v1/market-approvals/" + approval + "/approve",
                        Map.of("reason", "looked at twice"))
                .orThrow();
    }

    /** What the audit log has of a market, once there is so much. */
    private static List<JsonNode> entries(Administrator admin, String market, int count)
            throws InterruptedException {
        Instant deadline = Instant.now().plusSeconds(120);
        while (true) {
            List<JsonNode> found =
                    admin.persist("GET", "/v1/admin/audit?subject=market:" + market, null)
                            .orThrow()
                            .path("items")
                            .valueStream()
                            .toList();
            if (found.size() >= count) {
                return found;
            }
            assertThat(Instant.now()).as("%s", found).isBefore(deadline);
            Thread.sleep(200);
        }
    }

    private static JsonNode after(JsonNode entry) {
        try {
            return JSON.readTree(entry.path("after").asText());
        } catch (JsonProcessingException noJson) {
            throw new AssertionError(noJson);
        }
    }

    private static List<String> recorded(Administrator admin, int count)
            throws InterruptedException {
        return entries(admin, MARKET, count).stream()
                .filter(entry -> entry.path("action").asText().equals("MARKET_CHANGED"))
                .map(entry -> after(entry).path("definition").path("status").asText())
                .toList();
    }

    @Test
    void shouldTakeWhatTheStatusAllowsUntilTheMarketEnds() throws Exception {
        URI stream =
                URI.create(stack.frontDoor().toString().replaceFirst("http", "ws") + "/v1/stream");
        try (Api api = new Api(stack.frontDoor());
                StreamClient ticker =
                        StreamClient.connect(HttpClient.newHttpClient(), stream, null)) {
            Administrator admin = Administrator.first(stack, api);
            Account account = Traders.funded(api, "life", Usd.ofDollars(100_000));
            Session trader = account.session();
            decide(admin, MARKET, OwnMarket.announced(api, "LIFE"));
            OwnMarket.subscribe(ticker, "ticker", MARKET);
            Administrator second =
                    Administrator.make(stack, api, "life-cycle-second", "RISK_MANAGER");
            change(api, admin, second, "POST_ONLY", ticker);
            change(api, admin, second, "ACTIVE", ticker);
            OwnMarket.awaitPrice(api, MARKET);
            String resting = placed(account, TimeInForce.GTC);

            change(api, admin, second, "CANCEL_ONLY", ticker);
            awaitRefusal(account, TimeInForce.GTC, "MARKET_CANCEL_ONLY");
            change(api, admin, second, "POST_ONLY", ticker);
            awaitRefusal(account, TimeInForce.GTC, "MARKET_POST_ONLY");
            String later = placed(account, TimeInForce.POST_ONLY);
            change(api, admin, second, "HALTED", ticker);
            awaitRefusal(account, TimeInForce.POST_ONLY, "MARKET_HALTED");
            Answer cancelled = trader.persist("DELETE", "/v1/orders/" + later, null);
            assertThat(cancelled.isOk()).as("%s", cancelled).isTrue();
            change(api, admin, second, "REDUCE_ONLY", ticker);
            awaitRefusal(account, TimeInForce.GTC, "MARKET_REDUCE_ONLY");
            change(api, admin, second, "SETTLING", ticker);
            awaitRefusal(account, TimeInForce.GTC, "MARKET_ENDED");

            JsonNode closed =
                    untilSo(
                            () -> trader.get("/v1/orders/" + resting),
                            order -> order.path("status").asText().equals("CANCELLED"));
            assertThat(closed.toString()).contains("MARKET_CLOSED");
            untilSo(
                    () -> trader.get("/v1/accounts/" + trader.subaccount()),
                    margin -> margin.toString().contains("\"availableToTrade\":\"100000\""));
            assertThat(ticker.firstGap()).isNull();
            assertThat(recorded(admin, 16))
                    .containsExactly(
                            "SETTLING",
                            "REDUCE_ONLY",
                            "HALTED",
                            "POST_ONLY",
                            "CANCEL_ONLY",
                            "ACTIVE",
                            "POST_ONLY");
        }
    }

    /** A tenth below the mark: within the band, where nothing trades. */
    private static OrderRequest order(Session trader, TimeInForce timeInForce) {
        String price =
                new BigDecimal(trader.get("/v1/prices/" + MARKET).path("mark").asText())
                        .multiply(new BigDecimal("0.9"))
                        .setScale(2, RoundingMode.DOWN)
                        .toPlainString();
        return OrderRequest.limit(
                MARKET, Side.BUY, timeInForce, Price.parse(price), Quantity.parse("10"));
    }

    private static String placed(Account account, TimeInForce timeInForce) {
        return Traders.place(account, () -> order(account.session(), timeInForce))
                .body()
                .path("orderId")
                .asText();
    }

    /** The version is in force with the answer; user shards hear of it through the market. */
    private static void awaitRefusal(Account account, TimeInForce timeInForce, String code)
            throws InterruptedException {
        untilSo(
                () -> account.place(order(account.session(), timeInForce)),
                answer -> answer.code().equals(code));
    }

    /** What opens the market and what ends it waits for the second administrator. */
    private static void change(
            Api api, Administrator admin, Administrator second, String status, StreamClient ticker)
            throws InterruptedException {
        ObjectNode definition = (ObjectNode) api.get("/v1/markets/" + MARKET);
        definition.put("version", definition.path("version").asLong() + 1).put("status", status);
        Answer answer = ask(admin, MARKET, definition);
        assertThat(answer.status()).as("%s", answer).isIn(201, 202);
        if (answer.status() == 202) {
            approve(second, answer.body().path("id").asText());
        }
        ticker.await(text -> text.contains("\"status\":\"" + status + "\""));
    }

    private static <T> T untilSo(Supplier<T> attempt, Predicate<T> wanted)
            throws InterruptedException {
        Instant deadline = Instant.now().plusSeconds(120);
        while (true) {
            T found = attempt.get();
            if (wanted.test(found)) {
                return found;
            }
            assertThat(Instant.now()).as("%s", found).isBefore(deadline);
            Thread.sleep(100);
        }
    }
}
