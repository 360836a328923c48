package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/**
 * An administrator imported recorded minutes into a market that were not there before.
 *
 * @param minutes how many, at least one
 * @param firstMillis when the first of them began
 * @param lastMillis when the last of them began
 * @param rejected how many rows were sent with them and not taken
 */
public record CandlesImported(
        MarketId market,
        String symbol,
        long minutes,
        long firstMillis,
        long lastMillis,
        long rejected,
        long administrator,
        @Nullable String clientAddress,
        @Nullable String userAgent,
        long atMillis)
        implements MarketDecision {}
