package io.perpetua.accounts.app;

import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;

/** A key pair that signs access tokens, on the curve P-256. Never printed. */
public record SigningKey(String id, ECPublicKey publicKey, PrivateKey privateKey) {
    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
