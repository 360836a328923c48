package io.perpetua.eventlog;

import java.util.function.LongSupplier;

/**
 * Issues a gateway's ids: 40 bits of milliseconds since 2026, 5 of the gateway, 8 of count. Each is
 * larger than all before, also when the clock goes back. No id is of a millisecond that the lease
 * does not cover.
 */
final class IdSequence {
    private static final int COUNTS = 256;

    private final int gateway;
    private final LongSupplier clock;
    private long lastMillis;
    private int nextCount;
    private long belowMillis;

    /**
     * @param fromMillis no id of an earlier millisecond is issued
     */
    IdSequence(int gateway, long fromMillis, LongSupplier clock) {
        if (gateway < 0 || gateway > 31) {
            throw new IllegalArgumentException("a gateway number is 0 to 31");
        }
        this.gateway = gateway;
        this.clock = clock;
        this.lastMillis = Math.max(fromMillis, Gateway.EPOCH_MILLIS + 1);
    }

    /** The lease covers all milliseconds below. */
    synchronized void allowBelow(long millis) {
        belowMillis = millis;
    }

    /** The millisecond of the newest id. */
    synchronized long lastMillis() {
        return lastMillis;
    }

    /** Issues no more; all ids of milliseconds at or above the result are unused. */
    synchronized long close() {
        belowMillis = 0;
        return lastMillis + 1;
    }

    synchronized long next() {
        long now = clock.getAsLong();
        if (now > lastMillis) {
            lastMillis = now;
            nextCount = 0;
        } else if (nextCount == COUNTS) {
            lastMillis = nextMillis();
            nextCount = 0;
        }
        if (lastMillis >= belowMillis) {
            throw new IllegalStateException("the lease of the gateway number may have run out");
        }
        return ((lastMillis - Gateway.EPOCH_MILLIS) << 13) | ((long) gateway << 8) | nextCount++;
    }

    /** Waits for the clock; behind a clock that went back, goes on without it. */
    private long nextMillis() {
        long now = clock.getAsLong();
        while (now == lastMillis) {
            Thread.onSpinWait();
            now = clock.getAsLong();
        }
        return Math.max(now, lastMillis + 1);
    }
}
