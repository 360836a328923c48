package io.perpetua.contracts.risk;

/**
 * Why a transfer was refused: the rule it broke. Declared in order of precedence, the first that
 * applies is reported; {@link #retryable} says whether the same transfer could succeed later.
 */
public enum TransferRefusal {
    /** The agent's nonce is more than two days old or more than a day ahead. */
    NONCE_OUT_OF_WINDOW(false),
    /** The agent's nonce is below the 100 highest it has used. */
    NONCE_TOO_LOW(false),
    /** The agent's nonce was used before, for another request. */
    NONCE_REUSED(false),
    /** One of the subaccounts does not exist or is not the caller's, or they are the same. */
    SUBACCOUNT_UNKNOWN(false),
    /** The client's transfer id was used before, for another transfer. */
    TRANSFER_ID_REUSED(false),
    /** The user is gone for good, or about to be. */
    USER_CLOSED(false),
    /** The user is deactivated, and has to come back before. */
    USER_DEACTIVATED(true),
    /** The user is suspended, and may not move money. */
    USER_SUSPENDED(true),
    /** There is no fresh mark price to value the account's positions by. */
    MARK_PRICE_UNAVAILABLE(true),
    /** The amount is above what may leave the account. */
    WITHDRAWABLE_EXCEEDED(true),
    /** The platform failed on this command; nothing of it took effect. */
    INTERNAL_ERROR(true);

    private final boolean retryable;

    TransferRefusal(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same transfer could succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
