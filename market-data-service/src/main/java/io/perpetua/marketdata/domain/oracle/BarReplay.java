package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.value.Price;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks recorded bars one after the other. Its clock is the count of samples, not the time of day:
 * each passes the same part of a bar, so the same bars at the same speed give the same path.
 *
 * <p>A sample that passes one of a bar's four corners (open, both extremes, close) takes the price
 * of that corner, so while a sample passes at most a quarter of a bar every open, high, low and
 * close is on the path. A faster replay skips some of them.
 */
public final class BarReplay implements OracleFeed {
    /** The source its samples name. */
    public static final String SOURCE = "replay";

    private static final int MICROS_PER_BAR = 1_000_000;
    private static final int QUARTER_MICROS = MICROS_PER_BAR / 4;

    private final ArrayDeque<Bar> bars = new ArrayDeque<>();
    private long newestMillis = Long.MIN_VALUE;
    private @Nullable Long playedMillis;
    private long passedMicros;
    private long microsPerSample = MICROS_PER_BAR;

    /**
     * @param passedMicros millionths of the first bar that have passed already; 0 before any
     */
    public BarReplay(long passedMicros) {
        this.passedMicros = passedMicros;
    }

    /** Sets how many millionths of a bar a sample passes. */
    public void speed(long microsPerSample) {
        this.microsPerSample = Math.max(1, microsPerSample);
    }

    /** Adds bars that come after all there are; those that do not are left out. */
    public void append(List<Bar> later) {
        for (Bar bar : later) {
            if (bar.atMillis() > newestMillis) {
                bars.addLast(bar);
                newestMillis = bar.atMillis();
            }
        }
    }

    @Override
    public @Nullable OracleSample sample(long nowMillis) {
        Price price = next();
        return price == null ? null : OracleSample.madeHere(price, SOURCE, nowMillis);
    }

    /** The price of the next sample, or null when no bar is left. */
    public @Nullable Price next() {
        while (passedMicros >= MICROS_PER_BAR && !bars.isEmpty()) {
            playedMillis = bars.removeFirst().atMillis();
            passedMicros -= MICROS_PER_BAR;
        }
        Bar bar = bars.peekFirst();
        if (bar == null) {
            passedMicros = 0;
            return null;
        }
        long corner = passedMicros / QUARTER_MICROS * QUARTER_MICROS;
        boolean passesCorner = corner > passedMicros - microsPerSample;
        Price price = bar.at((int) (passesCorner ? corner : passedMicros));
        passedMicros += microsPerSample;
        return price;
    }

    /** Millionths of the first bar left that have passed; may exceed a million. */
    public long passedMicros() {
        return passedMicros;
    }

    /**
     * Hands over when the newest bar began that was played to its end, null when none was since the
     * last call. What {@link #passedMicros} says is of the bar after it.
     */
    public @Nullable Long takePlayedMillis() {
        Long taken = playedMillis;
        playedMillis = null;
        return taken;
    }

    /** When the newest bar ever appended began; the least long when there was none. */
    public long newestMillis() {
        return newestMillis;
    }

    /** How many bars are left, the one under way included. */
    public int size() {
        return bars.size();
    }
}
