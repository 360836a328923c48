package io.perpetua.accounts.domain.signin;

import io.perpetua.signatures.Base58;
import io.perpetua.signatures.Ed25519;
import io.perpetua.signatures.KeySignature;

/**
 * An Ed25519 signature (RFC 8032) of a Solana wallet over the bytes of a text.
 *
 * @param base58 its 64 bytes
 */
public record SolanaSignature(String base58) implements WalletSignature {
    /** Refuses what has not 64 bytes. */
    public SolanaSignature {
        Base58.decode(base58, Ed25519.SIGNATURE_BYTES);
    }

    /**
     * From base58, or from base64 with its padding: 64 bytes end with {@code ==} there, and never
     * in base58.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static SolanaSignature parse(String text) {
        return new SolanaSignature(Base58.encode(KeySignature.ed25519(text)));
    }

    @Override
    public boolean isOf(Wallet wallet, String text) {
        return wallet instanceof SolanaAddress address
                && Ed25519.isSignedBy(
                        address.publicKey(), text, Base58.decode(base58, Ed25519.SIGNATURE_BYTES));
    }
}
