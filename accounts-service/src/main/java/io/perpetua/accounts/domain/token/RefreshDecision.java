package io.perpetua.accounts.domain.token;

/** What a refresh token is answered with. */
public enum RefreshDecision {
    /** It is the newest: it is used up, and its successor given out. */
    ROTATE,
    /** It was used up a moment ago and its successor is unused: the same successor again. */
    REPEAT,
    /** The sign-in has expired. */
    EXPIRED,
    /** It was used up: somebody else has it, and the sign-in must end. */
    REUSED
}
