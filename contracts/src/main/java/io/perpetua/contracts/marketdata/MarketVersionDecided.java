package io.perpetua.contracts.marketdata;

import org.jspecify.annotations.Nullable;

/**
 * An administrator's decision on a market's next version, for the audit log; it changes nothing by
 * itself.
 *
 * @param definition what was decided
 * @param before the newest version until then, in force or not; null when the market is listed
 * @param effectiveMillis from when on it is to be in force
 * @param administrator their id
 * @param clientAddress where their request came from; null when that is not known
 * @param userAgent what their client said it is, as far as it did
 */
public record MarketVersionDecided(
        Market definition,
        @Nullable Market before,
        long effectiveMillis,
        long administrator,
        String reason,
        @Nullable String clientAddress,
        @Nullable String userAgent,
        long atMillis) {}
