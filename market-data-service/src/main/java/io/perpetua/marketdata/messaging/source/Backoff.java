package io.perpetua.marketdata.messaging.source;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before a connection is tried again: at first {@code leastMillis}, twice as long
 * after each failure in a row, at most {@code mostMillis}; of which a random half is taken off, so
 * that many who lost a source together do not come back together.
 */
final class Backoff {
    private final long leastMillis;
    private final long mostMillis;
    private final DoubleSupplier random;
    private long nextMillis;

    /**
     * @param random between 0 and 1
     */
    Backoff(long leastMillis, long mostMillis, DoubleSupplier random) {
        if (leastMillis < 1 || mostMillis < leastMillis) {
            throw new IllegalArgumentException(
                    "perpetua.market-data.reconnect-millis-min is at least 1 and at most"
                            + " ..reconnect-millis-max");
        }
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
        this.random = random;
        nextMillis = leastMillis;
    }

    /** The wait after one more failure, in milliseconds; at least 1. */
    long next() {
        long longest = nextMillis;
        nextMillis = Math.min(mostMillis, Math.multiplyExact(longest, 2L));
        return Math.max(1, longest - (long) (random.getAsDouble() * longest / 2));
    }

    /** Begins anew: the connection has been of use. */
    void reset() {
        nextMillis = leastMillis;
    }
}
