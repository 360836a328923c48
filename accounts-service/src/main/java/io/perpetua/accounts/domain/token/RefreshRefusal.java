package io.perpetua.accounts.domain.token;

/** Why a refresh token gives nothing, in order of precedence; each asks for a new sign-in. */
public enum RefreshRefusal {
    /** This service never gave it out. */
    REFRESH_TOKEN_INVALID("the refresh token is not one of this platform"),
    /** The user signed out, or ended this sign-in from elsewhere, or unlinked its wallet. */
    SIGN_IN_ENDED("the sign-in has ended"),
    /** It was not used for too long, or began too long ago. */
    SIGN_IN_EXPIRED("the sign-in has expired"),
    /** It was used before, so two have it: the sign-in is ended for both. */
    REFRESH_TOKEN_REUSED("the refresh token was used before; its sign-in has been ended");

    private final String sentence;

    RefreshRefusal(String sentence) {
        this.sentence = sentence;
    }

    /** What is wrong, for a person. */
    public String sentence() {
        return sentence;
    }
}
