package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/**
 * An administrator deleted a part of the history that had been imported into a market; a long one
 * goes in several, from the oldest on.
 *
 * @param minutes how many were deleted; 0 where longer frames alone were left
 * @param beforeMillis of those that began before this
 */
public record ImportDeleted(
        MarketId market,
        String symbol,
        long minutes,
        long beforeMillis,
        long administrator,
        @Nullable String clientAddress,
        @Nullable String userAgent,
        long atMillis)
        implements MarketDecision {}
