package io.perpetua.marketdata.domain.oracle;

import org.jspecify.annotations.Nullable;

/**
 * The newest sample of a source outside, handed over from the thread that receives to the one that
 * makes prices. It never goes back in time, unless our clock does, and holds one sample, however
 * fast they come.
 */
public final class NewestSample implements OracleFeed {
    /** How far a source's clock may be ahead of ours. */
    static final long MOST_AHEAD_MILLIS = 5_000;

    private volatile @Nullable OracleSample newest;

    /** What became of a sample. */
    public enum Outcome {
        /** It is the newest now. */
        TAKEN,

        /** There is a newer one. */
        LATE,

        /** Its time is before all prices. */
        FROM_BEFORE_1970,

        /** Its source's clock is ahead of ours by more than clocks differ. */
        FROM_THE_FUTURE
    }

    /**
     * Takes {@code sample} if it is the newest. A time that is slightly ahead of ours counts as
     * ours: no sample is ever younger than it can be. When our clock was set back behind the one
     * known, the next takes its place, so that an honest source counts again at once. A slot tells
     * which is newer only of two of one time: a bogus one hides nothing that comes later.
     */
    public synchronized Outcome offer(OracleSample sample, long nowMillis) {
        if (sample.publishedAtMillis() > nowMillis + MOST_AHEAD_MILLIS) {
            return Outcome.FROM_THE_FUTURE;
        }
        if (sample.publishedAtMillis() < 0) {
            return Outcome.FROM_BEFORE_1970;
        }
        OracleSample known = newest;
        long publishedAtMillis = Math.min(sample.publishedAtMillis(), nowMillis);
        if (known != null
                && known.publishedAtMillis() <= nowMillis
                && (publishedAtMillis < known.publishedAtMillis()
                        || (publishedAtMillis == known.publishedAtMillis()
                                && sample.slot() < known.slot()))) {
            return Outcome.LATE;
        }
        newest =
                new OracleSample(
                        sample.priceUnits(),
                        sample.confidenceUnits(),
                        sample.source(),
                        publishedAtMillis,
                        sample.slot());
        return Outcome.TAKEN;
    }

    @Override
    public @Nullable OracleSample sample(long nowMillis) {
        return newest;
    }
}
