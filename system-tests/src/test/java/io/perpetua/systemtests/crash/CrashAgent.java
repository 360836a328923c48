package io.perpetua.systemtests.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.trader.Listing;
import io.perpetua.testkit.TestAgent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An agent that places and cancels while parts are killed. Nothing but its nonces names its
 * requests, and each is sent again, some at once with themselves: a nonce that was forgotten or
 * taken twice shows as an order too many, or as an answer unlike the first.
 */
final class CrashAgent {
    private static final long LONGEST_PAUSE_MILLIS = 500;
    private static final Duration SETTLING = Duration.ofMinutes(2);

    /** So few that the platform still knows all of their nonces in the end. */
    private static final int MOST_REQUESTS = 90;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Api api;
    private final Session session;
    private final TestAgent agent;
    private final List<Listing> listings;
    private final SplittableRandom random;
    private final long firstNonce = System.currentTimeMillis();
    private final List<Request> requests = new ArrayList<>();
    private final List<String> contradictions = new ArrayList<>();

    /** What was signed under a nonce, and the first answer that decided it. */
    private static final class Request {
        final long nonce;
        final String method;
        final String path;
        final @Nullable Map<String, Object> body;
        @Nullable Answer first;

        Request(long nonce, String method, String path, @Nullable Map<String, Object> body) {
            this.nonce = nonce;
            this.method = method;
            this.path = path;
            this.body = body;
        }

        boolean isPlacement() {
            return body != null;
        }

        boolean hasPlaced() {
            return isPlacement() && first != null && first.isOk();
        }

        @Override
        public String toString() {
            return method + " " + path + " under " + nonce;
        }
    }

    /** Registers an agent that trades for this user, who has funds and does nothing else. */
    CrashAgent(
            Api api,
            String domain,
            Session session,
            List<Listing> listings,
            SplittableRandom random) {
        this.api = api;
        this.session = session;
        this.listings = listings;
        this.random = random;
        agent = new TestAgent(domain);
        session.persist(
                        "POST",
                        "/v1/agents",
                        Api.body(
                                "address", agent.address(),
                                "label", "Crash",
                                "scopes", List.of("READ", "TRADE"),
                                "expiresAt",
                                        Instant.now()
                                                .plus(1, ChronoUnit.DAYS)
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString(),
                                "proof", agent.proof(session.user())))
                .orThrow();
    }

    Session session() {
        return session;
    }

    int count() {
        return requests.size();
    }

    /** Acts until it is told to stop. */
    void run(BooleanSupplier open) throws InterruptedException {
        while (open.getAsBoolean()) {
            Request request =
                    requests.size() < MOST_REQUESTS && random.nextInt(3) > 0 ? fresh() : earlier();
            if (request != null) {
                act(request);
            }
            Thread.sleep(random.nextLong(LONGEST_PAUSE_MILLIS));
        }
    }

    private void act(Request request) throws InterruptedException {
        if (random.nextInt(5) == 0) {
            Thread beside = Thread.ofVirtual().start(() -> send(request));
            send(request);
            beside.join();
        } else {
            send(request);
        }
    }

    private @Nullable Request earlier() {
        return requests.isEmpty() ? null : requests.get(random.nextInt(requests.size()));
    }

    private @Nullable Request fresh() {
        List<Request> placed = requests.stream().filter(Request::hasPlaced).toList();
        long nonce = firstNonce + requests.size();
        Request fresh;
        if (!placed.isEmpty() && random.nextInt(3) == 0) {
            Request one = placed.get(random.nextInt(placed.size()));
            fresh = new Request(nonce, "DELETE", "/v1/orders/" + orderId(one), null);
        } else {
            Listing listing = listings.get(random.nextInt(listings.size()));
            Answer prices = api.send("GET", "/v1/prices/" + listing.symbol(), null, (Object) null);
            if (!prices.body().hasNonNull("oracle")) {
                return null;
            }
            fresh =
                    new Request(
                            nonce,
                            "POST",
                            "/v1/orders",
                            placement(listing, Price.parse(prices.body().path("oracle").asText())));
        }
        requests.add(fresh);
        return fresh;
    }

    private Map<String, Object> placement(Listing listing, Price index) {
        Price price = listing.moved(index, Rate.ofBasisPoints(random.nextInt(-20, 21)));
        return Api.body(
                "subaccountId", session.subaccount(),
                "market", listing.symbol(),
                "side", random.nextBoolean() ? "BUY" : "SELL",
                "type", "LIMIT",
                "timeInForce", "GTC",
                "price", price.toString(),
                "size", listing.worth(Usd.ofDollars(random.nextLong(50, 1_000)), price).toString());
    }

    private static String orderId(Request placement) {
        return placement.first == null ? "" : placement.first.body().path("orderId").asText();
    }

    private Answer send(Request request) {
        Answer answer = send(request, request.body);
        take(request, answer);
        return answer;
    }

    private Answer send(Request request, @Nullable Map<String, Object> body) {
        String text = body == null ? null : write(body);
        Map<String, String> headers =
                new HashMap<>(agent.headers(request.method, request.path, text, request.nonce));
        if (text != null) {
            headers.put("Content-Type", "application/json");
        }
        return api.send(
                request.method,
                request.path,
                headers,
                text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static String write(Map<String, Object> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException(unwritable);
        }
    }

    private static boolean isDecided(Answer answer) {
        return switch (answer.status()) {
            case 202, 401, 403, 429 -> false;
            default -> answer.status() < 500;
        };
    }

    private synchronized void take(Request request, Answer answer) {
        if (answer.status() == 500) {
            contradictions.add(request + " was answered " + answer);
        }
        if (!isDecided(answer)) {
            return;
        }
        Answer first = request.first;
        if (first == null) {
            request.first = answer;
        } else if (first.status() != answer.status()
                || (answer.isOk()
                        ? !first.body().equals(answer.body())
                        : !first.code().equals(answer.code()))) {
            contradictions.add("%s was answered %s, and then %s".formatted(request, first, answer));
        }
    }

    private static Answer sendUntilDecided(Supplier<Answer> attempt) throws InterruptedException {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        Answer answer = attempt.get();
        while (!isDecided(answer) && System.nanoTime() < deadline) {
            Thread.sleep(100);
            answer = attempt.get();
        }
        return answer;
    }

    /** When all is well: sends each again, then tells what is wrong. */
    List<String> violations() throws InterruptedException {
        for (Request request : requests) {
            if (!isDecided(sendUntilDecided(() -> send(request)))) {
                return List.of(request + " is never decided");
            }
        }
        List<String> violations = new ArrayList<>(contradictions);
        List<String> expected = new ArrayList<>();
        for (Request request : requests) {
            if (request.isPlacement()) {
                Map<String, Object> other = new HashMap<>(request.body);
                other.put("reduceOnly", true);
                Answer refused = sendUntilDecided(() -> send(request, other));
                if (!refused.code().equals("NONCE_REUSED")) {
                    violations.add(request + " with other content: " + refused);
                }
            }
            if (request.hasPlaced()) {
                expected.add(orderId(request));
            }
        }
        List<String> made = new ArrayList<>();
        for (JsonNode order : session.list("/v1/orders")) {
            if (!order.path("status").asText().equals("REJECTED")) {
                made.add(order.path("orderId").asText());
            }
        }
        if (!made.stream().sorted().toList().equals(expected.stream().sorted().toList())) {
            violations.add("there are orders %s, but placed were %s".formatted(made, expected));
        }
        return violations;
    }
}
