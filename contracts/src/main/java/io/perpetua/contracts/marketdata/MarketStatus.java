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

    /** Takes cancels; nothing trades, for a while. */
    HALTED,

    /** Trades no more: what rested is closed, positions wait to be settled. */
    SETTLING,

    /** Gone; nothing changes any more. */
    DELISTED;

    /** Whether it will never trade again. */
    public boolean isEnded() {
        return this == SETTLING || this == DELISTED;
    }
}
