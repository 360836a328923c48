package io.perpetua.contracts.marketdata;

/** What a market takes. */
public enum MarketStatus {
    /** Listed, takes nothing yet. */
    ANNOUNCED,

    /** Takes orders that rest. */
    POST_ONLY,

    /** Takes every order. */
    ACTIVE,

    /** Takes orders that reduce a position. */
    REDUCE_ONLY,

    /** Takes cancels. */
    CANCEL_ONLY,

    /** Takes cancels; nothing trades. */
    HALTED
}
