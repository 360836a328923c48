package io.perpetua.contracts.orders;

/** How long an order may work. */
public enum TimeInForce {
    /** Until filled or cancelled. */
    GTC,

    /** What does not trade at once is cancelled. */
    IOC,

    /** Trades all of its size at once or is refused. */
    FOK,

    /** Rests, or is refused when it would trade at once. */
    POST_ONLY
}
