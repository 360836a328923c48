package io.perpetua.accounts.domain.signin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;

/**
 * An Ed25519 signature (RFC 8032) of a Solana wallet over the bytes of a text.
 *
 * @param base58 its 64 bytes
 */
public record SolanaSignature(String base58) implements WalletSignature {
    private static final int BYTES = 64;
    private static final int BASE64_LENGTH = 88;
    private static final String BASE64_END = "==";

    /** Refuses what has not 64 bytes. */
    public SolanaSignature {
        Base58.decode(base58, BYTES);
    }

    /**
     * From base58, or from base64 with its padding: 64 bytes end with {@code ==} there, and never
     * in base58.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static SolanaSignature parse(String text) {
        if (text.length() == BASE64_LENGTH && text.endsWith(BASE64_END)) {
            return new SolanaSignature(Base58.encode(Base64.getDecoder().decode(text)));
        }
        return new SolanaSignature(text);
    }

    @Override
    public boolean isOf(Wallet wallet, String text) {
        if (!(wallet instanceof SolanaAddress address)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(address.publicKey());
            verifier.update(text.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(Base58.decode(base58, BYTES));
        } catch (GeneralSecurityException nobodys) {
            return false;
        }
    }
}
