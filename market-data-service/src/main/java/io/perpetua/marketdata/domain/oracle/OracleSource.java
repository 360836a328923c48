package io.perpetua.marketdata.domain.oracle;

/**
 * A source of a market's price and what its word is worth.
 *
 * @param weight of its vote, at least 1
 * @param stalenessMillis how old its sample may be to count
 */
public record OracleSource(String name, int weight, long stalenessMillis, OracleFeed feed) {
    /** Refuses a source without a vote. */
    public OracleSource {
        if (weight < 1 || weight > 1_000_000) {
            throw new IllegalArgumentException("a weight is 1 to 1,000,000");
        }
        if (stalenessMillis < 1) {
            throw new IllegalArgumentException("a staleness limit is at least 1 ms");
        }
    }
}
