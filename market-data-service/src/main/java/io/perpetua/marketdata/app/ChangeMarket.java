package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Give a market its next version, or list a new one with its first.
 *
 * @param effectiveAt null for at once
 * @param administrator the id of who decided it
 * @param clientAddress where their request came from; null when that is not known
 * @param userAgent what their client says it is, as far as it does
 */
public record ChangeMarket(
        Market definition,
        @Nullable Instant effectiveAt,
        long administrator,
        String reason,
        @Nullable String clientAddress,
        @Nullable String userAgent) {}
