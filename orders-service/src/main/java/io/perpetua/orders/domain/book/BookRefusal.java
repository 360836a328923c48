package io.perpetua.orders.domain.book;

/**
 * Why the book did nothing: the rule that was broken. Declared in order of precedence, the first
 * that applies is reported.
 */
public enum BookRefusal {
    /** An order with this id rests already. */
    DUPLICATE_ORDER_ID,
    /** No order with this id rests. */
    ORDER_UNKNOWN,
    /** The order is another account's. */
    ORDER_OF_ANOTHER,
    /** A size is not positive. */
    SIZE_NOT_POSITIVE,
    /** The order may only reduce and there is no position it could reduce. */
    REDUCE_ONLY_WOULD_INCREASE,
    /** The order must rest and would have traded. */
    POST_ONLY_WOULD_CROSS,
    /** The order can't trade all of its size at once, within its price and budget. */
    FOK_NOT_FILLABLE
}
