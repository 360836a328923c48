package io.perpetua.marketdata.app;

import java.util.concurrent.atomic.AtomicLongArray;

/** For each price shard, since when a source's word has been waiting to be looked at. */
final class NewsTimes {
    /** No word is waiting. */
    static final long NONE = 0;

    private final AtomicLongArray sinceNanos;

    NewsTimes(int shards) {
        sinceNanos = new AtomicLongArray(shards);
    }

    /** A source has said something, at that time of the steady clock. */
    void heard(long nanos) {
        for (int shard = 0; shard < sinceNanos.length(); shard++) {
            if (sinceNanos.get(shard) == NONE) {
                sinceNanos.compareAndSet(shard, NONE, nanos == NONE ? 1 : nanos);
            }
        }
    }

    /** Since when the shard's oldest word waits, which is looked at now; or {@link #NONE}. */
    long take(int shard) {
        return sinceNanos.getAndSet(shard, NONE);
    }
}
