package io.perpetua.contracts.orders;

/**
 * Why a command was refused: the rule it broke. Declared in order of precedence, the first that
 * applies is reported; {@link #retryable} says whether the same command could succeed later, as a
 * new one: a repeat under the same client order id or nonce gets the first answer again.
 */
public enum Refusal {
    /** The agent's nonce is more than two days old or more than a day ahead. */
    NONCE_OUT_OF_WINDOW(false),
    /** The agent's nonce is below the 100 highest it has used. */
    NONCE_TOO_LOW(false),
    /** The agent's nonce was used before, for another request. */
    NONCE_REUSED(false),
    /** The subaccount does not exist or is not the caller's. */
    SUBACCOUNT_UNKNOWN(false),
    /** The client order id was used before, for another order. */
    CLIENT_ORDER_ID_REUSED(false),
    /** The user is gone for good, or about to be. */
    USER_CLOSED(false),
    /** The user is deactivated, and has to come back before. */
    USER_DEACTIVATED(true),
    /** There is no such market. */
    MARKET_UNKNOWN(false),
    /** The market takes no orders now. */
    MARKET_HALTED(true),
    /** The market settles or is delisted: it takes no orders any more. */
    MARKET_ENDED(false),
    /** The market takes only cancels now. */
    MARKET_CANCEL_ONLY(true),
    /** The market takes only post-only orders now. */
    MARKET_POST_ONLY(true),
    /** The market takes only reducing orders now. */
    MARKET_REDUCE_ONLY(true),
    /** There is no such order, or it is not the caller's. */
    ORDER_UNKNOWN(false),
    /** The order has ended already. */
    ORDER_CLOSED(false),
    /** The user is suspended, and may only cancel and reduce. */
    USER_SUSPENDED(true),
    /** The price is no multiple of the market's tick. */
    PRICE_OFF_TICK(false),
    /** The size is no multiple of the market's step. */
    SIZE_OFF_STEP(false),
    /** The size is below the market's least. */
    SIZE_BELOW_MINIMUM(false),
    /** The size is above the market's greatest. */
    SIZE_ABOVE_MAXIMUM(false),
    /** The new size is not above what has filled already. */
    SIZE_BELOW_FILLED(false),
    /** The price is further from the mark than the market allows. */
    PRICE_OUT_OF_BAND(true),
    /** The leverage is above the market's greatest. */
    LEVERAGE_TOO_HIGH(false),
    /** The account has as many open orders as it may have. */
    TOO_MANY_OPEN_ORDERS(true),
    /** The order has as many amendments under way as it may have. */
    TOO_MANY_AMENDMENTS(true),
    /** There is no fresh mark price to judge the order by. */
    MARK_PRICE_UNAVAILABLE(true),
    /** The collateral does not cover the worst case of the order. */
    MARGIN_INSUFFICIENT(true),
    /** The order reached the book after the time until which it was meant. */
    TOO_LATE(true),
    /** The order may only reduce and there is nothing it could reduce. */
    REDUCE_ONLY_WOULD_INCREASE(true),
    /** The order must rest and would have traded at once. */
    POST_ONLY_WOULD_CROSS(true),
    /** The book can't fill the order in full at once. */
    FOK_NOT_FILLABLE(true),
    /** The market's open interest is at its cap. */
    OPEN_INTEREST_EXCEEDED(true),
    /** The platform failed on this command; nothing of it took effect. */
    INTERNAL_ERROR(true);

    private final boolean retryable;

    Refusal(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same command could succeed later, under a new client order id or nonce. */
    public boolean retryable() {
        return retryable;
    }
}
