package io.perpetua.accounts.domain.signin;

/** What became of a signed message. */
public sealed interface SignInDecision {
    /** It proves the wallet, provided that the nonce has not been used. */
    record Proven(Wallet wallet, SignInNonce nonce) implements SignInDecision {}

    /** It proves nothing. */
    record Refused(SignInRefusal reason) implements SignInDecision {}
}
