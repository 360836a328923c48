package io.perpetua.marketdata.domain.mark;

import io.perpetua.contracts.value.Price;
import org.jspecify.annotations.Nullable;

/** What a fresh book tells: best bid and ask, and the last trade where it is recent. */
public record BookInput(Price bestBid, Price bestAsk, @Nullable Price last) {
    /** Half way between bid and ask, in price units, rounded down. */
    long midUnits() {
        return bestBid.units() + Math.floorDiv(bestAsk.units() - bestBid.units(), 2L);
    }

    /** {@code median(best bid, best ask, last)}; never outside bid and ask. */
    Price median() {
        return last == null ? Median.of(bestBid, bestAsk) : Median.of(bestBid, bestAsk, last);
    }
}
