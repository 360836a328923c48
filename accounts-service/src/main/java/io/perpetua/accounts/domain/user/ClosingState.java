package io.perpetua.accounts.domain.user;

/** How far a user's wish to leave has come; it only moves on. */
public enum ClosingState {
    /** Risk has been asked. */
    ASKED,
    /** Something is in the way; the user goes on as before. */
    REFUSED,
    /** Nothing is, and risk takes nothing from the user any more; the rest follows. */
    FROZEN,
    /** All that follows has been done. */
    DONE;

    /** Whether it has ended. */
    public boolean isFinal() {
        return this == REFUSED || this == DONE;
    }
}
