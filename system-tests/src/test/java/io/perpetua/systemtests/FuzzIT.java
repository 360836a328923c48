package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.demo.check.Invariants;
import io.perpetua.demo.check.Verdict;
import io.perpetua.systemtests.fuzz.FuzzCase;
import io.perpetua.systemtests.fuzz.Fuzzer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Hostile input to every operation of every service. {@code -Dperpetua.fuzz.requests=N} sends each
 * service so many requests, {@code -Dperpetua.fuzz.seed=S} the same ones again.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FuzzIT {
    private static final Duration SETTLING = Duration.ofMinutes(2);

    /**
     * Only the custodian and administrators, whose secrets nobody has here, can succeed, and users
     * who are leaving, whom nothing else could be asked of.
     */
    private static final List<String> NOT_FOR_THE_FUZZER =
            List.of(
                    "POST /v1/deposits",
                    "POST /v1/candles/imports",
                    "DELETE /v1/candles/imports",
                    "POST /v1/markets",
                    "DELETE /v1/markets",
                    "GET /v1/market-approvals",
                    "GET /v1/system-events",
                    "POST /v1/market-approvals",
                    "POST /v1/withdrawal-notices",
                    "DELETE /v1/users/me",
                    "GET /v1/users/me/closing",
                    "GET /v1/admin",
                    "POST /v1/admin",
                    "PUT /v1/admin",
                    "DELETE /v1/admin");

    private static Stack stack;
    private static Map<String, Long> processes;
    private static Fuzzer fuzzer;
    private static long seed;

    @BeforeAll
    static void begin() throws Exception {
        stack = Stack.shared();
        stack.awaitReady();
        processes = stack.processes();
        Map<String, URI> services =
                Map.of(
                        "accounts", stack.service(8081),
                        "orders", stack.service(8082),
                        "risk", stack.service(8083),
                        "market-data", stack.service(8084));
        seed = Long.getLong("perpetua.fuzz.seed", System.nanoTime() & 0xffffff);
        System.out.println("seed " + seed);
        fuzzer = Fuzzer.of(stack.frontDoor(), services);
    }

    @AfterAll
    static void end() {
        fuzzer.close();
    }

    @Test
    @Order(1)
    void shouldCarryOutEveryOperationWhenItsRequestIsValid() throws Exception {
        fuzzer.sendValid(seed, NOT_FOR_THE_FUZZER);

        nothingIsWrong();
    }

    @Test
    @Order(2)
    void shouldWithstandEveryRequestThatOnceWasTooMuch() throws Exception {
        try (BufferedReader cases =
                new BufferedReader(
                        new InputStreamReader(
                                FuzzCase.class.getResourceAsStream("cases.jsonl"),
                                StandardCharsets.UTF_8))) {
            for (String line : cases.lines().toList()) {
                fuzzer.sendCase(line);
            }
        }

        nothingIsWrong();
    }

    @Test
    @Order(3)
    void shouldWithstandHostileRequests() throws Exception {
        fuzzer.run(seed, Integer.getInteger("perpetua.fuzz.requests", 250));

        fuzzer.answers().forEach((kind, count) -> System.out.printf("%6d %s%n", count, kind));
        nothingIsWrong();
    }

    @Test
    @Order(4)
    void shouldBeUpAndInOrderWhenAllIsOver() throws Exception {
        stack.awaitReady();
        assertThat(stack.processes()).as("none was started again").isEqualTo(processes);
        Verdict verdict =
                new Invariants(
                                fuzzer.api(),
                                fuzzer.accounts().getLast().session(),
                                fuzzer.accounts())
                        .await(SETTLING);
        assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    }

    private static void nothingIsWrong() {
        StringBuilder wrong = new StringBuilder();
        fuzzer.failures()
                .forEach(
                        (kind, example) ->
                                wrong.append(kind).append("\n  ").append(example).append('\n'));
        assertThat(wrong.toString()).as("seed %d", seed).isEmpty();
    }
}
