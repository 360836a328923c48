package io.perpetua.accounts.domain.withdrawal;

/**
 * Why a withdrawal was not taken: the rule it broke. Declared in order of precedence, the first
 * that applies is reported; {@link #retryable} says whether the same request could succeed later.
 */
public enum RequestRefusal {
    /** The user is deleted, or asked to be. */
    USER_CLOSING(true),
    /** The user is deactivated, or asked to be. */
    USER_DEACTIVATED(true),
    /** The user is suspended, and may not move money. */
    USER_SUSPENDED(true),
    /** It is in doubt who the user is. */
    KYC_SUSPENDED(true),
    /** The address is not in the user's address book. */
    WITHDRAWAL_ADDRESS_UNKNOWN(false),
    /** The address has not been in the address book for long enough. */
    WITHDRAWAL_ADDRESS_NOT_YET_USABLE(true),
    /** The amount is below what a withdrawal has at least. */
    AMOUNT_BELOW_MINIMUM(false),
    /** The amount is above what a withdrawal has at most. */
    AMOUNT_ABOVE_MAXIMUM(false),
    /** The user would withdraw more in a day than allowed before it is known who they are. */
    UNVERIFIED_DAILY_LIMIT_EXCEEDED(true),
    /** The user would withdraw more than allowed in an hour. */
    USER_HOURLY_LIMIT_EXCEEDED(true),
    /** The user would withdraw more than allowed in a day. */
    USER_DAILY_LIMIT_EXCEEDED(true),
    /** All users together would withdraw more than allowed in an hour. */
    PLATFORM_HOURLY_LIMIT_EXCEEDED(true),
    /** All users together would withdraw more than allowed in a day. */
    PLATFORM_DAILY_LIMIT_EXCEEDED(true);

    private final boolean retryable;

    RequestRefusal(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same request could succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
