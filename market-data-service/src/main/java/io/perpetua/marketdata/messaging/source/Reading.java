package io.perpetua.marketdata.messaging.source;

/**
 * What a source says of one of its products.
 *
 * @param priceUnits in units of 1e-8 US dollars, not yet known to be positive
 * @param confidenceUnits one standard deviation in the same units; not negative
 * @param slot of the chain that the source publishes on; 0 when it has none
 */
public record Reading(
        String product, long priceUnits, long confidenceUnits, long publishedAtMillis, long slot) {}
