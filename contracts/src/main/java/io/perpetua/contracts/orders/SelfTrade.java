package io.perpetua.contracts.orders;

/** What happens when an order meets another one of the same user. */
public enum SelfTrade {
    /** The resting order is cancelled and matching goes on. */
    CANCEL_MAKER,

    /** The rest of the incoming order is cancelled. */
    CANCEL_TAKER,

    /** Both are cancelled. */
    CANCEL_BOTH,

    /** Both lose the size they share, without a trade. */
    DECREMENT
}
