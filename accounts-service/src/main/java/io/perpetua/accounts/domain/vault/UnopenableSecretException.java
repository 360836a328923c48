package io.perpetua.accounts.domain.vault;

/** A sealed secret that no key at hand opens; says where it stands, never what is inside. */
public final class UnopenableSecretException extends RuntimeException {
    /** With the place it was to be opened for. */
    public UnopenableSecretException(SecretPlace place) {
        super("no key-encryption key opens the secret at '" + place + "'");
    }
}
