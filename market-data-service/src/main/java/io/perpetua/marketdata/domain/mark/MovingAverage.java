package io.perpetua.marketdata.domain.mark;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.math.RoundingMode;

/**
 * An exponential moving average over time of a price or a difference of prices, by MARK: {@code num
 * = num·e^(-t/τ) + x·t}, {@code den = den·e^(-t/τ) + t}, value {@code num/den}, where t is the time
 * since the sample before. Kept as value and den, which is the same: {@code value += (x -
 * value)·t/den}. The value is fixed-point, a thousandth of a price unit, rounded half even; den is
 * in microseconds. There is no value before the second sample, as the first has no t. A sample
 * before that is ahead of now, as when the clock was set back, counts as taken now.
 */
public final class MovingAverage {
    private static final long MILLIS_OF_UNIT = 1_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private final long periodMillis;
    private long valueMilliUnits;
    private long denMicros;
    private long sampledAtMillis;

    /**
     * @param periodMillis τ
     */
    public MovingAverage(long periodMillis) {
        this.periodMillis = periodMillis;
    }

    /** As {@link #state} gave it. */
    public static MovingAverage restored(long periodMillis, State state) {
        MovingAverage average = new MovingAverage(periodMillis);
        average.valueMilliUnits = state.valueMilliUnits();
        average.denMicros = state.denMicros();
        average.sampledAtMillis = state.sampledAtMillis();
        return average;
    }

    /** Takes a sample in price units; one that is not later than the one before is left out. */
    public void add(long units, long nowMillis) {
        boolean isFirst = sampledAtMillis == 0;
        if (isFirst || sampledAtMillis >= nowMillis) {
            sampledAtMillis = nowMillis;
            return;
        }
        long elapsedMillis = nowMillis - sampledAtMillis;
        long elapsedMicros = Math.multiplyExact(elapsedMillis, MICROS_PER_MILLI);
        long kept =
                Amounts.multiplyDivide(
                        denMicros,
                        decay(elapsedMillis, periodMillis).nanos(),
                        1_000_000_000L,
                        RoundingMode.HALF_EVEN);
        denMicros = Math.addExact(kept, elapsedMicros);
        long distance =
                Math.subtractExact(Math.multiplyExact(units, MILLIS_OF_UNIT), valueMilliUnits);
        valueMilliUnits +=
                Amounts.multiplyDivide(distance, elapsedMicros, denMicros, RoundingMode.HALF_EVEN);
        sampledAtMillis = nowMillis;
    }

    /** Whether there is a value. */
    public boolean isKnown() {
        return denMicros > 0;
    }

    /** The average in units of {@link Price}, signed, rounded half even; 0 when not known. */
    public long units() {
        return Amounts.multiplyDivide(valueMilliUnits, 1, MILLIS_OF_UNIT, RoundingMode.HALF_EVEN);
    }

    /** Whether there is a value, and it has been sampled within its period. */
    public boolean isRecent(long nowMillis) {
        sampledAtMillis = Math.min(sampledAtMillis, nowMillis);
        return isKnown() && nowMillis - sampledAtMillis <= periodMillis;
    }

    /** What a restart needs. */
    public State state() {
        return new State(valueMilliUnits, denMicros, sampledAtMillis);
    }

    /** {@code e^(-t/τ)}: the one place a double is used, rounded half even to 1e-9 at once. */
    private static Rate decay(long elapsedMillis, long periodMillis) {
        double factor = StrictMath.exp(-(double) elapsedMillis / periodMillis);
        return new Rate((long) StrictMath.rint(factor * 1e9));
    }

    /** An average at rest; all zero before the first sample. */
    public record State(long valueMilliUnits, long denMicros, long sampledAtMillis) {
        /** Before the first sample. */
        public static final State EMPTY = new State(0, 0, 0);
    }
}
