package io.perpetua.accounts.domain.user;

/** Whether a user is there, or on the way out. Suspension is another matter, and of its own. */
public enum UserState {
    /** As everybody is. */
    ACTIVE,
    /** Risk has been asked whether anything is in the way of a deactivation. */
    DEACTIVATING,
    /** Away: nothing is taken from them, and their money stays. */
    DEACTIVATED,
    /** Risk has been asked whether anything is in the way of a deletion. */
    CLOSING,
    /** Gone for good; only the id is left. */
    DELETED;

    /**
     * Whether money may be credited. Not to a user who is about to be deleted: what risk is asked
     * must stay true until it answers, and after.
     */
    public boolean takesCredits() {
        return this != CLOSING && this != DELETED;
    }

    /** Whether risk has been asked and all that follows its answer is not yet done. */
    public boolean isLeaving() {
        return this == DEACTIVATING || this == CLOSING;
    }
}
