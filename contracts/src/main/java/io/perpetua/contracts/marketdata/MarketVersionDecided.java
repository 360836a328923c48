package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/**
 * An administrator's decision on a market's next version.
 *
 * @param definition what was decided
 * @param before the newest version until then, in force or not; null when the market is listed
 * @param effectiveMillis from when on it is to be in force
 * @param askedFor who asked {@code administrator} for it; null where one was enough
 */
public record MarketVersionDecided(
        Market definition,
        @Nullable Market before,
        long effectiveMillis,
        long administrator,
        String reason,
        @Nullable String clientAddress,
        @Nullable String userAgent,
        long atMillis,
        @Nullable AskedFor askedFor)
        implements MarketDecision {
    @Override
    public MarketId market() {
        return definition.id();
    }
}
