package io.perpetua.contracts.orders;

/** Why an order ended without being filled in full or refused. */
public enum CloseReason {
    /** Its owner cancelled it. */
    CANCELLED_BY_USER,

    /** An immediate order found nothing more to trade with. */
    NO_MORE_LIQUIDITY,

    /** It met an order of its own user. */
    SELF_TRADE,

    /** Nothing was left to reduce. */
    REDUCE_ONLY,

    /** Its market stopped trading. */
    MARKET_CLOSED,

    /** Its account is being liquidated. */
    LIQUIDATION
}
