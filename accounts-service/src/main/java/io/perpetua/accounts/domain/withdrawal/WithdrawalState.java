package io.perpetua.accounts.domain.withdrawal;

/** How far a withdrawal has come; it never goes back. */
public enum WithdrawalState {
    /** Risk is asked; nothing has moved. */
    REQUESTED,
    /** Its amount has left the account and is in flight. */
    RESERVED,
    /** Risk refused it; nothing moved. */
    REFUSED,
    /** The custodian has taken it over. */
    SENT,
    /** It has arrived. */
    CONFIRMED,
    /** It could not be sent; its amount is back on the account. */
    RETURNED;

    /** Whether the custodian may have been told of it, and has not yet told what became of it. */
    public boolean isInFlight() {
        return this == RESERVED || this == SENT;
    }
}
