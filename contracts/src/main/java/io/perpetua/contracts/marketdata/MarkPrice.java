package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import org.jspecify.annotations.Nullable;

/**
 * The price a market's positions are valued at. {@code sequence} rises with each one of a market;
 * decisions record it. A mark that is older than the market's staleness limit, or further ahead, by
 * the reader's clock, is not acted on.
 *
 * @param fault why the index it was made from is not valid; null when it is
 * @param predictedFunding the funding rate that the running interval ends with, if its mean premium
 *     stays; null before anything was sampled
 */
public record MarkPrice(
        MarketId market,
        long sequence,
        Price mark,
        Price oracle,
        long atMillis,
        @Nullable PriceFault fault,
        @Nullable Rate predictedFunding) {
    /** A valid one. */
    public MarkPrice(MarketId market, long sequence, Price mark, Price oracle, long atMillis) {
        this(market, sequence, mark, oracle, atMillis, null, null);
    }

    /** Whether {@code use} may rely on it, as long as it is not stale. */
    public boolean permits(PriceUse use) {
        return fault == null || fault.permits(use);
    }
}
