package io.perpetua.accounts.domain.withdrawal;

/**
 * Whether a withdrawal can still be called off: until the custodian is called for it the first
 * time, for nobody can tell whether a call without an answer arrived.
 */
public enum WithdrawalCancel {
    /** Risk has yet to decide; should it reserve the amount, that comes back unsent. */
    NOTE,
    /** The amount comes back now. */
    GIVE_BACK,
    /** It was called off before. */
    DONE,
    /** The custodian may have been told of it, or it has ended otherwise. */
    TOO_LATE;

    /**
     * Decides.
     *
     * @param calls how often the custodian is called for it, the call under way among them
     * @param isNoted whether its user has called it off before
     */
    public static WithdrawalCancel decide(WithdrawalState state, int calls, boolean isNoted) {
        return switch (state) {
            case REQUESTED -> NOTE;
            case RESERVED -> isNoted || calls == 0 ? GIVE_BACK : TOO_LATE;
            case RETURNED -> isNoted ? DONE : TOO_LATE;
            case REFUSED -> isNoted ? DONE : TOO_LATE;
            case SENT, CONFIRMED -> TOO_LATE;
        };
    }
}
