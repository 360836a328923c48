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
 *
 * <p>den is also how much of its period an average remembers: it is about τ once that has been
 * sampled throughout, less before, and less again while time passes without samples.
 */
public final class MovingAverage {
    /** What a sample is at most, either side of zero, in price units: 46 million dollars. */
    public static final long MOST_UNITS = Long.MAX_VALUE / 2_000;

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

    /**
     * Takes a sample in price units; one that is not later than the one before is left out.
     *
     * @throws ArithmeticException when it is further from zero than {@link #MOST_UNITS}
     */
    public void add(long units, long nowMillis) {
        if (units > MOST_UNITS || units < -MOST_UNITS) {
            throw new ArithmeticException("a sample is too large for an average");
        }
        long elapsedMillis = elapse(nowMillis);
        if (elapsedMillis > 0) {
            long elapsedMicros = Math.multiplyExact(elapsedMillis, MICROS_PER_MILLI);
            denMicros = Math.addExact(denMicros, elapsedMicros);
            valueMilliUnits +=
                    Amounts.multiplyDivide(
                            Math.subtractExact(units * MILLIS_OF_UNIT, valueMilliUnits),
                            elapsedMicros,
                            denMicros,
                            RoundingMode.HALF_EVEN);
        }
    }

    /** Takes a sample that speaks for so much of the time since the one before, and not more. */
    public void add(long units, long mostMillis, long nowMillis) {
        if (sampledAtMillis < nowMillis - mostMillis) {
            pass(nowMillis - mostMillis);
        }
        add(units, nowMillis);
    }

    /** Lets time pass without a sample: the value stays, and weighs less. */
    public void pass(long nowMillis) {
        elapse(nowMillis);
    }

    /** Fades {@code den}, and tells how long since the sample before; 0 when this is the first. */
    private long elapse(long nowMillis) {
        boolean isFirst = sampledAtMillis == 0;
        long elapsedMillis = isFirst ? 0 : Math.max(0, nowMillis - sampledAtMillis);
        denMicros =
                Amounts.multiplyDivide(
                        denMicros,
                        decay(elapsedMillis, periodMillis).nanos(),
                        1_000_000_000L,
                        RoundingMode.HALF_EVEN);
        sampledAtMillis = nowMillis;
        return elapsedMillis;
    }

    /** Whether there is a value. */
    public boolean isKnown() {
        return denMicros > 0;
    }

    /** The average in units of {@link Price}, signed, rounded half even; 0 when not known. */
    public long units() {
        return Amounts.multiplyDivide(valueMilliUnits, 1, MILLIS_OF_UNIT, RoundingMode.HALF_EVEN);
    }

    /**
     * The average in price units, rounded half even, where what it does not remember of its period
     * counts as {@code otherwise}: {@code (num + otherwise·(τ - den)) / τ}, or {@link #units} once
     * den is τ. It begins at {@code otherwise}, and while time passes without samples it returns
     * there by e^(-t/τ).
     */
    public long unitsOr(long otherwise) {
        long periodMicros = periodMillis * MICROS_PER_MILLI;
        return otherwise
                + Amounts.multiplyDivide(
                        Math.subtractExact(
                                valueMilliUnits, Math.multiplyExact(otherwise, MILLIS_OF_UNIT)),
                        Math.min(denMicros, periodMicros),
                        periodMicros * MILLIS_OF_UNIT,
                        RoundingMode.HALF_EVEN);
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
