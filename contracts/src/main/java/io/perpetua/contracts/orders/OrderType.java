package io.perpetua.contracts.orders;

/** How an order is priced. */
public enum OrderType {
    /** Trades at its price or better. */
    LIMIT,

    /**
     * Trades at once; its worst price is set at admission, from the mark and the allowed slippage.
     */
    MARKET
}
