package io.perpetua.demo.trader;

/** How a taker decides. */
public enum Style {
    /** Buys what has risen and sells what has fallen, at once. */
    MOMENTUM,
    /** Bids below and offers above the recent average, and waits. */
    MEAN_REVERSION,
    /** Any kind of order at any time, cancels and amendments among them. */
    RANDOM,
    /** Buys now and then, up to a limit, and never sells. */
    BUY_AND_HOLD,
    /** Joins the best price, and leaves at once with whatever it got. */
    SCALPER
}
