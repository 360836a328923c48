package io.perpetua.marketdata.domain.mark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MovingAverageTest {
    private static final long PERIOD_MILLIS = 150_000;

    @Test
    void shouldHaveNoValueWhenSampledOnce() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);

        average.add(5, 1_000);

        assertThat(average.isKnown()).isFalse();
    }

    @Test
    void shouldStayWhenSamplesAreEqual() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);

        for (int i = 0; i < 10_000; i++) {
            average.add(-123_456_789, 1_000 + i * 200L);
        }

        assertThat(average.units()).isEqualTo(-123_456_789);
    }

    @Test
    void shouldFollowTheFormulaWhenSampledAtIrregularTimes() {
        long seed = 20_220_101;
        SplittableRandom random = new SplittableRandom(seed);
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);
        long at = 1_000;
        average.add(0, at);
        double num = 0;
        double den = 0;

        for (int i = 0; i < 20_000; i++) {
            long elapsed = 1L + random.nextInt(i % 100 == 0 ? 400_000 : 500);
            long sample = random.nextLong(-5_000_000_000L, 5_000_000_000L);
            at += elapsed;
            average.add(sample, at);
            double decay = Math.exp(-(double) elapsed / PERIOD_MILLIS);
            num = num * decay + (double) sample * elapsed;
            den = den * decay + elapsed;

            assertThat((double) average.units())
                    .as("seed %s, sample %s", seed, i)
                    .isCloseTo(num / den, org.assertj.core.data.Offset.offset(2_000.0));
        }
    }

    @Test
    void shouldGoOnAtOnceWhenTheClockIsSetBackAlsoWhenRestored() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);
        average.add(100, 10_000_000);
        average.add(100, 10_001_000);
        MovingAverage restored = MovingAverage.restored(PERIOD_MILLIS, average.state());

        for (MovingAverage each : List.of(average, restored)) {
            each.add(900, 1_000);
            assertThat(each.units()).isEqualTo(100);
            each.add(900, 2_000);

            assertThat(each.units()).isBetween(499L, 501L);
        }
    }

    @Test
    void shouldGrowOldByTheClockThatWasSetBack() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);
        average.add(100, 10_000_000);
        average.add(100, 10_001_000);

        assertThat(average.isRecent(1_000)).isTrue();
        assertThat(average.isRecent(1_000 + PERIOD_MILLIS)).isTrue();
        assertThat(average.isRecent(1_001 + PERIOD_MILLIS)).isFalse();
    }

    @Test
    void shouldGoOnAsBeforeWhenRestored() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);
        average.add(100, 1_000);
        average.add(200, 2_000);
        MovingAverage restored = MovingAverage.restored(PERIOD_MILLIS, average.state());

        average.add(900, 3_000);
        restored.add(900, 3_000);

        assertThat(restored.state()).isEqualTo(average.state());
    }

    @Test
    void shouldBeginAtTheOtherwiseAndReturnThereWhileTimePasses() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);
        assertThat(average.unitsOr(50_000)).isEqualTo(50_000);

        for (int i = 0; i <= 750; i++) {
            average.add(150_000, 1_000 + i * 200L);
        }
        // 150 s: 1 - e^-1 of the way
        assertThat(average.unitsOr(50_000)).isBetween(113_100L, 113_300L);
        assertThat(average.units()).isEqualTo(150_000);

        average.pass(151_000 + 150_000);
        assertThat(average.unitsOr(50_000)).isBetween(73_100L, 73_400L);
        assertThat(average.units()).isEqualTo(150_000);
    }

    @Test
    void shouldBeTheAverageItselfOnceItRemembersItsPeriod() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);
        for (int i = 0; i < 20_000; i++) {
            average.add(i, 1_000 + i * 200L);
        }

        assertThat(average.unitsOr(1_000_000_000)).isEqualTo(average.units());
    }

    @Test
    void shouldSpeakForNoLongerThanIsSaid() {
        MovingAverage bounded = new MovingAverage(PERIOD_MILLIS);
        MovingAverage looked = new MovingAverage(PERIOD_MILLIS);
        for (MovingAverage each : List.of(bounded, looked)) {
            each.add(100, 1_000);
            each.add(100, 2_000);
        }

        bounded.add(900, 500, 60_000);
        looked.pass(59_500);
        looked.add(900, 60_000);

        assertThat(bounded.state()).isEqualTo(looked.state());
    }

    @Test
    void shouldCarryTheLargestSamplesEitherWay() {
        MovingAverage average = new MovingAverage(PERIOD_MILLIS);
        average.add(MovingAverage.MOST_UNITS, 1_000);
        average.add(MovingAverage.MOST_UNITS, 2_000);
        assertThat(average.units()).isEqualTo(MovingAverage.MOST_UNITS);

        average.add(-MovingAverage.MOST_UNITS, Long.MAX_VALUE / 4_000);

        assertThat(average.units()).isEqualTo(-MovingAverage.MOST_UNITS);
        assertThatThrownBy(() -> average.add(MovingAverage.MOST_UNITS + 1, 3_000))
                .isInstanceOf(ArithmeticException.class);
    }
}
