package io.perpetua.orders.domain.market;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Mixes numbers into one, for hashes of state. */
final class Hashes {
    private static final long PRIME = 0x100000001B3L;

    private Hashes() {}

    static long of(long... numbers) {
        long hash = 0xCBF29CE484222325L;
        for (long number : numbers) {
            hash = (hash ^ number) * PRIME;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    static long ofObject(@Nullable Object value) {
        return Objects.hashCode(value);
    }
}
