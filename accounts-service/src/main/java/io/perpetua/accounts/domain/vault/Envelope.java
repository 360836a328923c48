package io.perpetua.accounts.domain.vault;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM as the vault uses it: a random nonce before the ciphertext, the tag behind it. */
final class Envelope {
    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final int WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

    private Envelope() {}

    static byte[] encrypt(
            SecretKeySpec with, byte[] plain, byte[] associated, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, with, nonce, associated).doFinal(plain);
            return ByteBuffer.allocate(NONCE_BYTES + encrypted.length)
                    .put(nonce)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has AES/GCM", missing);
        }
    }

    /** Nothing when the key or the associated data is another, or a byte was changed. */
    static Optional<byte[]> decrypt(SecretKeySpec with, byte[] encrypted, byte[] associated) {
        if (encrypted.length < NONCE_BYTES + TAG_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOf(encrypted, NONCE_BYTES);
        try {
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, with, nonce, associated)
                            .doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES));
        } catch (GeneralSecurityException wrong) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec with, byte[] nonce, byte[] associated)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, with, new GCMParameterSpec(Byte.SIZE * TAG_BYTES, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }
}
