package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.demo.Story;
import io.perpetua.demo.check.Verdict;
import io.perpetua.demo.client.Api;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoStoryIT {
    private static final int TAKERS = 10;
    private static final List<String> KILLED = List.of("risk", "orders", "kafka");
    private static final Duration SETTLING = Duration.ofMinutes(2);

    @Test
    void shouldKeepEveryInvariantWhenProcessesAreKilledWhileEverybodyTrades() throws Exception {
        // Given
        Stack stack = Stack.shared();
        long seed = System.nanoTime() & 0xffffff;
        System.out.println("seed " + seed);
        try (Api api = new Api(stack.frontDoor());
                Story story = new Story(api, seed, TAKERS)) {
            story.begin();
            awaitOrders(story, 100);

            // When
            for (String part : KILLED) {
                long before = stack.pid(part);
                stack.kill(part);
                stack.awaitRestart(part, before);
                awaitOrders(story, 100);
            }
            story.end();

            // Then
            Verdict verdict = story.invariants().await(SETTLING);
            System.out.println(verdict);
            assertThat(verdict.checks())
                    .allSatisfy(check -> assertThat(check.holds()).as(check.toString()).isTrue());
            assertThat(trades(api)).isPositive();
            assertThat(story.failures()).isEmpty();
        }
    }

    private static void awaitOrders(Story story, long more) throws InterruptedException {
        long wanted = story.tally().acceptedOrders() + more;
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (story.tally().acceptedOrders() < wanted) {
            assertThat(System.nanoTime())
                    .as("orders are taken again; so far %s", story.tally().refusalsByCode())
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static long trades(Api api) {
        return api.get("/v1/open-interest")
                .path("items")
                .valueStream()
                .mapToLong(market -> market.path("trades").asLong())
                .sum();
    }
}
