package io.perpetua.accounts.domain.signin;

/** Why a signed message signs nobody in, in order of precedence. */
public enum SignInRefusal {
    /** The message was made for another site; sign one made for this site. */
    DOMAIN_MISMATCH("the message asks to sign in to another domain"),
    /** The message names a resource of another site. */
    URI_MISMATCH("the message names a URI of another origin"),
    /** The nonce was not issued here for this use, wallet and chain; ask for a challenge. */
    NONCE_UNKNOWN("the nonce was not issued for this address and chain, or not for this"),
    /** The wallet's owner was shown another text than what the signature does. */
    STATEMENT_MISMATCH("the message does not say what its signature does"),
    /** Too much time passed since the challenge; ask for a new one. */
    MESSAGE_EXPIRED("the message or its nonce has expired"),
    /** The message begins to be valid later; wait for that. */
    MESSAGE_NOT_YET_VALID("the message is not valid yet"),
    /** Another key signed, or another text was signed. */
    SIGNATURE_MISMATCH("the signature is not the address's signature of the message"),
    /** The nonce signed somebody in already; ask for a new challenge. */
    NONCE_USED("the nonce has been used");

    private final String sentence;

    SignInRefusal(String sentence) {
        this.sentence = sentence;
    }

    /** What is wrong, for a person. */
    public String sentence() {
        return sentence;
    }
}
