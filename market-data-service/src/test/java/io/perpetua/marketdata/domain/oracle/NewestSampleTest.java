package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewestSampleTest {
    private static final long NOW = 10_000_000;

    /** The sample known is of {@code NOW - 1000} and slot 50; times are relative to now. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # published, slot, outcome,         newest is of
                    -1001,       51,   LATE,            -1000
                    -1000,       49,   LATE,            -1000
                    -999,        49,   TAKEN,           -999
                    -999,        0,    TAKEN,           -999
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

    /** The sample known is of {@code NOW} and slot 50; times are relative to the clock as it is. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # set back by, published, slot, outcome,         newest is of
                    3600000,       0,         51,   TAKEN,           0
                    3600000,       1000,      51,   TAKEN,           0
                    3600000,       0,         49,   TAKEN,           0
                    3600000,       -700,      51,   TAKEN,           -700
                    3600000,       3600000,   51,   FROM_THE_FUTURE, 3600000
                    100,           0,         51,   TAKEN,           0
                    100,           100,       51,   TAKEN,           0
                    0,             -1,        51,   LATE,            0
                    """)
    void shouldTakeAnHonestSourceAgainWhenTheClockWasSetBack(
            long back, long published, long slot, String outcome, long newest) {
        NewestSample newestSample = new NewestSample();
        newestSample.offer(new OracleSample(1, 0, "test", NOW, 50), NOW);
        long now = NOW - back;

        NewestSample.Outcome came =
                newestSample.offer(new OracleSample(2, 0, "test", now + published, slot), now);

        assertThat(came.name()).isEqualTo(outcome);
        assertThat(newestSample.sample(now))
                .extracting(OracleSample::publishedAtMillis)
                .isEqualTo(now + newest);
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
