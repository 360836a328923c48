package io.perpetua.contracts.marketdata;

import org.jspecify.annotations.Nullable;

/**
 * What an administrator wants of a market and may not decide alone, exactly as it is to be: one of
 * the two.
 */
public record MarketChangeWanted(@Nullable VersionWanted version, @Nullable FundingWanted funding) {
    /** Refuses both and neither. */
    public MarketChangeWanted {
        if ((version == null) == (funding == null)) {
            throw new IllegalArgumentException("a version is wanted or a funding rate");
        }
    }

    /** A version. */
    public static MarketChangeWanted of(VersionWanted version) {
        return new MarketChangeWanted(version, null);
    }

    /** A rate by hand. */
    public static MarketChangeWanted of(FundingWanted funding) {
        return new MarketChangeWanted(null, funding);
    }
}
