package io.perpetua.contracts.marketdata;

/** What a price is used for. */
public enum PriceUse {
    /** Admitting an order that may increase risk, and letting collateral leave. */
    INCREASE_RISK,

    /** Liquidating, and settling funding. */
    LIQUIDATE,

    /** Firing a trigger. */
    TRIGGER,

    /** Admitting an order that only reduces a position. */
    REDUCE
}
