package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.mark.MovingAverage;
import org.jspecify.annotations.Nullable;

/**
 * A market's averages of the valid index, weighted by time and fading: of five minutes and of an
 * hour. One that was not sampled for its whole period says nothing any more: a market that was
 * still for so long, or whose prices were refused for so long, begins anew.
 */
public final class OracleTwaps {
    private static final long FIVE_MINUTES_MILLIS = 300_000;
    private static final long HOUR_MILLIS = 3_600_000;

    private final MovingAverage fiveMinutes;
    private final MovingAverage hour;

    /** Before the first price, or as {@link #state} gave it. */
    public OracleTwaps(State state) {
        fiveMinutes = MovingAverage.restored(FIVE_MINUTES_MILLIS, state.fiveMinutes());
        hour = MovingAverage.restored(HOUR_MILLIS, state.hour());
    }

    /** Takes a valid index. */
    public void add(Price index, long nowMillis) {
        fiveMinutes.add(index.units(), nowMillis);
        hour.add(index.units(), nowMillis);
    }

    /** The average over five minutes, or null. */
    public @Nullable Price fiveMinutes(long nowMillis) {
        return of(fiveMinutes, nowMillis);
    }

    /** The average over an hour, or null. */
    public @Nullable Price hour(long nowMillis) {
        return of(hour, nowMillis);
    }

    private static @Nullable Price of(MovingAverage average, long nowMillis) {
        return average.isRecent(nowMillis) ? new Price(Math.max(1, average.units())) : null;
    }

    /** What a restart needs. */
    public State state() {
        return new State(fiveMinutes.state(), hour.state());
    }

    /** The averages at rest. */
    public record State(MovingAverage.State fiveMinutes, MovingAverage.State hour) {
        /** Before the first sample. */
        public static final State EMPTY =
                new State(MovingAverage.State.EMPTY, MovingAverage.State.EMPTY);
    }
}
