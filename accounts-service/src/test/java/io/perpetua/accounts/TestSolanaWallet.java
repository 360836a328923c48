package io.perpetua.accounts;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** A Solana wallet with keys of its own. */
final class TestSolanaWallet implements SigningWallet {
    private static final String ALPHABET =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final int KEY_BYTES = 32;

    private final KeyPair keys;

    private TestSolanaWallet(KeyPair keys) {
        this.keys = keys;
    }

    static TestSolanaWallet generate() {
        try {
            return new TestSolanaWallet(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Override
    public String address() {
        byte[] encoded = keys.getPublic().getEncoded();
        return base58(Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
    }

    @Override
    public String sign(String text) {
        return base58(bytes(text));
    }

    /** The signature as other wallets give it. */
    String signInBase64(String text) {
        return Base64.getEncoder().encodeToString(bytes(text));
    }

    private byte[] bytes(String text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return signer.sign();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    static String base58(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (BigInteger rest = new BigInteger(1, bytes);
                rest.signum() > 0;
                rest = rest.divide(BigInteger.valueOf(58))) {
            text.append(ALPHABET.charAt(rest.mod(BigInteger.valueOf(58)).intValue()));
        }
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            text.append('1');
        }
        return text.reverse().toString();
    }
}
