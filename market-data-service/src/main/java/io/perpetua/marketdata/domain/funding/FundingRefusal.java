package io.perpetua.marketdata.domain.funding;

/** Why an administrator's rate is not taken; the first that applies is named. */
public enum FundingRefusal {
    /** The market has ended, so nobody pays any more. A retry does not help. */
    MARKET_ENDED,

    /** It is further from zero than its kind may be. A retry does not help. */
    RATE_ABOVE_CAP,

    /** It ends in the past, or too far in the future. A retry does not help. */
    END_INVALID
}
