package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewestSampleTest {
    private static final long NOW = 1_000_000;

    /** The sample known is of {@code NOW - 1000} and slot 50; times are relative to now. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # published, slot, outcome,         newest is of
                    -1001,       51,   LATE,            -1000
                    -1000,       49,   LATE,            -1000
                    -1000,       50,   TAKEN,           -1000
                    -999,        51,   TAKEN,           -999
                    0,           51,   TAKEN,           0
                    5000,        51,   TAKEN,           0
                    5001,        51,   FROM_THE_FUTURE, -1000
                    """)
    void shouldNeverGoBackInTime(long published, long slot, String outcome, long newest) {
        NewestSample newestSample = new NewestSample();
        newestSample.offer(new OracleSample(1, 0, "test", NOW - 1_000, 50), NOW);

        NewestSample.Outcome came =
                newestSample.offer(new OracleSample(2, 0, "test", NOW + published, slot), NOW);

        assertThat(came.name()).isEqualTo(outcome);
        assertThat(newestSample.sample(NOW))
                .extracting(OracleSample::publishedAtMillis)
                .isEqualTo(NOW + newest);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void shouldNotTakeATimeBefore1970(long published) {
        NewestSample newestSample = new NewestSample();

        assertThat(newestSample.offer(new OracleSample(1, 0, "test", published, 1), NOW))
                .isEqualTo(NewestSample.Outcome.FROM_BEFORE_1970);
        assertThat(newestSample.sample(NOW)).isNull();
    }
}
