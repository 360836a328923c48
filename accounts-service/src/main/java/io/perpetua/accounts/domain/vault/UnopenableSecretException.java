package io.perpetua.accounts.domain.vault;

/** A sealed secret that this key does not open; says for what purpose, never what is inside. */
public final class UnopenableSecretException extends RuntimeException {
    /** With the purpose it was to be opened for. */
    public UnopenableSecretException(String purpose) {
        super("the key-encryption key does not open the secret for '" + purpose + "'");
    }
}
