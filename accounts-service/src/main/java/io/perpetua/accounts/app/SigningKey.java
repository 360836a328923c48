package io.perpetua.accounts.app;

import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;

/**
 * A key pair that signs access tokens, on the curve P-256. Never printed.
 *
 * @param signsFrom when it begins to; it is published before
 */
public record SigningKey(
        String id, ECPublicKey publicKey, PrivateKey privateKey, Instant signsFrom) {
    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
