package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;

/**
 * Sums of volumes, which are not negative. A sum beyond the most that can be written, 92 billion
 * contracts or 9.2 trillion dollars in one frame, stays at it: what one market trades must not hold
 * up the others. Totals since the start have no such bound.
 */
final class Volumes {
    private Volumes() {}

    static Quantity sum(Quantity one, Quantity other) {
        return new Quantity(sum(one.units(), other.units()));
    }

    static Usd sum(Usd one, Usd other) {
        return new Usd(sum(one.micros(), other.micros()));
    }

    private static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
