package io.perpetua.marketdata.domain.funding;

/** Why an administrator's rate is not set; the first that applies is named. */
public enum FundingRefusal {
    /** It is further from zero than the market's cap. A retry does not help. */
    RATE_ABOVE_CAP,

    /** The index is not valid, so nobody could pay by it. A retry may help. */
    PRICE_NOT_VALID
}
