package io.perpetua.contracts.orders;

/** Which side of a trade an order was. */
public enum Liquidity {
    /** It rested on the book. */
    MAKER,

    /** It came in and traded. */
    TAKER
}
