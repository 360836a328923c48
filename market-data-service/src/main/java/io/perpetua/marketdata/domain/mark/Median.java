package io.perpetua.marketdata.domain.mark;

import io.perpetua.contracts.value.Price;
import java.util.Arrays;

/** The middle of a few prices. */
final class Median {
    private Median() {}

    /** The middle one, or the mean of the middle two, rounded down to price units. */
    static Price of(Price... prices) {
        Price[] sorted = prices.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        if (sorted.length % 2 == 1) {
            return sorted[middle];
        }
        long low = sorted[middle - 1].units();
        long high = sorted[middle].units();
        return new Price(low + (high - low) / 2);
    }
}
