package io.perpetua.contracts.orders;

/** Which way an order trades. */
public enum Side {
    /** Adds to the position. */
    BUY,

    /** Takes from the position. */
    SELL
}
