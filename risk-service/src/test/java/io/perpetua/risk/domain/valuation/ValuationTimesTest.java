package io.perpetua.risk.domain.valuation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuationTimesTest {
    @ParameterizedTest
    @CsvSource({
        "2026-03-01T12:00:00Z,     300, 2026-03-01T12:05:00Z",
        "2026-03-01T23:54:49.999Z, 300, 2026-03-01T23:59:49.999Z",
        "2026-03-01T23:55:00Z,     300, 2026-03-01T23:59:50Z",
        "2026-03-01T23:59:49.999Z, 300, 2026-03-01T23:59:50Z",
        "2026-03-01T23:59:50Z,     300, 2026-03-02T00:04:50Z",
        "2026-03-01T23:59:59Z,       5, 2026-03-02T00:00:04Z",
    })
    void shouldValueOnceMoreWhenADayEnds(Instant now, long intervalSeconds, Instant next) {
        assertThat(ValuationTimes.next(now.toEpochMilli(), intervalSeconds * 1_000))
                .isEqualTo(next.toEpochMilli());
    }
}
