package io.perpetua.marketdata.messaging.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void shouldDoubleUpToTheMostAndBeginAnewAfterUse() {
        Backoff backoff = new Backoff(1_000, 60_000, () -> 0);

        assertThat(next(backoff, 8))
                .containsExactly(
                        1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L);
        backoff.reset();
        assertThat(next(backoff, 2)).containsExactly(1_000L, 2_000L);
    }

    @Test
    void shouldTakeOffARandomPartAtMostHalf() {
        assertThat(next(new Backoff(1_000, 4_000, () -> 0.5), 3))
                .containsExactly(750L, 1_500L, 3_000L);
        assertThat(next(new Backoff(1_000, 4_000, () -> 1), 3))
                .containsExactly(500L, 1_000L, 2_000L);
    }

    private static List<Long> next(Backoff backoff, int times) {
        return LongStream.range(0, times).mapToObj(i -> backoff.next()).toList();
    }
}
