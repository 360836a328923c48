package io.perpetua.contracts.orders;

/** Where an order stands. */
public enum OrderStatus {
    /** Journalled, not yet decided. */
    PENDING,

    /** Rests, nothing filled yet. */
    OPEN,

    /** Rests, partly filled. */
    PARTIALLY_FILLED,

    /** Filled in full. */
    FILLED,

    /** Ended before it was filled in full; what had filled stands. */
    CANCELLED,

    /** Its time ran out. */
    EXPIRED,

    /** Refused; nothing was filled. */
    REJECTED
}
