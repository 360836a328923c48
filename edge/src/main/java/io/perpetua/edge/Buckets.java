package io.perpetua.edge;

import io.github.bucket4j.Bucket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The latest used buckets, at most {@code max} of them: those used since the last turn and those of
 * the turn before. When the younger half is full the older half is forgotten, so that keeping the
 * bound costs nothing; what is used at all often enough is never forgotten.
 */
final class Buckets {
    private record Turns(Map<Key, Bucket> younger, Map<Key, Bucket> older) {}

    private record Key(RateClass rateClass, long partition) {}

    private final int halfMax;
    private volatile Turns turns = new Turns(new ConcurrentHashMap<>(), Map.of());

    /** Of at least two buckets. */
    Buckets(int max) {
        if (max < 2) {
            throw new IllegalArgumentException("at least two budgets must be remembered");
        }
        this.halfMax = max / 2;
    }

    /** The bucket of {@code partition}; a new one if none is remembered. */
    Bucket of(RateClass rateClass, long partition, Supplier<Bucket> full) {
        Key key = new Key(rateClass, partition);
        Bucket known = turns.younger.get(key);
        return known != null ? known : bring(key, full);
    }

    /** One at a time, or two threads could each make a bucket of the same key. */
    private synchronized Bucket bring(Key key, Supplier<Bucket> full) {
        Bucket known = turns.younger.get(key);
        if (known != null) {
            return known;
        }
        Bucket older = turns.older.get(key);
        if (turns.younger.size() >= halfMax) {
            turns = new Turns(new ConcurrentHashMap<>(), turns.younger);
        }
        Bucket bucket = older != null ? older : full.get();
        turns.younger.put(key, bucket);
        return bucket;
    }

    /** How many are remembered; one used in both turns counts twice. */
    int size() {
        Turns now = turns;
        return now.younger.size() + now.older.size();
    }
}
