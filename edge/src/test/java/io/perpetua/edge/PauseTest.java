package io.perpetua.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PauseTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Pause PAUSE = new Pause(Duration.ofSeconds(2));

    @ParameterizedTest
    @CsvSource({
        "-3600000, true",
        "-2000, true",
        "-1999, false",
        "0, false",
        "1, true",
        "3600000, true",
    })
    void shouldBeOverAfterItsTimeOrWhenTheClockWasSetBack(long sinceMillis, boolean isOver) {
        assertThat(PAUSE.isOver(NOW.plusMillis(sinceMillis), NOW)).isEqualTo(isOver);
    }

    @Test
    void shouldBeOverWhenNothingWasEverDone() {
        assertThat(PAUSE.isOver(Instant.MIN, NOW)).isTrue();
    }
}
