package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.value.Price;

/**
 * What a source says a market's index is worth, before anybody has judged it: price and confidence
 * (one standard deviation) in units of 1e-8 US dollars, and not yet known to be positive.
 *
 * @param slot of the chain that the source publishes on; 0 when it has none
 */
public record OracleSample(
        long priceUnits, long confidenceUnits, String source, long publishedAtMillis, long slot) {
    private static final long CONFIDENCE_DIVISOR = 5_000;

    /** From a source that knows no confidence of its own: two basis points of the price. */
    static OracleSample madeHere(Price price, String source, long nowMillis) {
        return new OracleSample(
                price.units(), price.units() / CONFIDENCE_DIVISOR, source, nowMillis, 0);
    }
}
