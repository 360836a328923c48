package io.perpetua.accounts.domain.signin;

import java.time.Instant;

/**
 * A nonce of this service's making. It carries its own expiry and a proof of who may use it, so
 * nothing is stored until it is used, however many are asked for.
 *
 * @param text 64 hexadecimal digits
 * @param expiresAt when it stops being usable, in whole seconds
 */
public record SignInNonce(String text, Instant expiresAt) {}
