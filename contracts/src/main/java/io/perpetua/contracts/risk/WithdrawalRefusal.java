package io.perpetua.contracts.risk;

/**
 * Why risk refused a withdrawal: the rule it broke. Declared in order of precedence, the first that
 * applies is reported; {@link #retryable} says whether the same withdrawal could succeed later.
 */
public enum WithdrawalRefusal {
    /** The user is gone for good, or about to be. */
    USER_CLOSED(false),
    /** The user is deactivated, and has to come back before. */
    USER_DEACTIVATED(true),
    /** The user is suspended, and may not move money. */
    USER_SUSPENDED(true),
    /** There is no fresh mark price to value the account's positions by. */
    MARK_PRICE_UNAVAILABLE(true),
    /** The amount is above what may leave the account. */
    WITHDRAWABLE_EXCEEDED(true);

    private final boolean retryable;

    WithdrawalRefusal(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same withdrawal could succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
