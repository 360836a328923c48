package io.perpetua.accounts.domain.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key outside the database that wraps what the database keeps secret: AES-256-GCM with a data
 * key a secret, itself wrapped by this key. The purpose is authenticated with both, so a sealed
 * secret can't be passed off as another.
 *
 * <p>Sealed form: version (1 byte), wrapped data key (12-byte nonce, 32 bytes, 16-byte tag), secret
 * (12-byte nonce, its bytes, 16-byte tag). Never printed.
 */
public final class KeyEncryptionKey {
    /** Length of the key in bytes. */
    public static final int BYTES = 32;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int WRAPPED_BYTES = NONCE_BYTES + BYTES + TAG_BITS / 8;

    private final SecretKeySpec key;
    private final SecureRandom random;

    /** Of 32 bytes. */
    public KeyEncryptionKey(byte[] key, SecureRandom random) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a key-encryption key has 32 bytes");
        }
        this.key = new SecretKeySpec(key, "AES");
        this.random = random;
    }

    /** Seals {@code secret} for {@code purpose}. */
    public byte[] seal(byte[] secret, String purpose) {
        byte[] dataKey = new byte[BYTES];
        random.nextBytes(dataKey);
        try {
            byte[] wrapped = encrypt(key, dataKey, purpose);
            byte[] sealed = encrypt(new SecretKeySpec(dataKey, "AES"), secret, purpose);
            return ByteBuffer.allocate(1 + wrapped.length + sealed.length)
                    .put(VERSION)
                    .put(wrapped)
                    .put(sealed)
                    .array();
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /**
     * The secret again.
     *
     * @throws UnopenableSecretException when it was sealed by another key or for another purpose,
     *     or was tampered with
     */
    public byte[] open(byte[] sealed, String purpose) {
        if (sealed.length < 1 + WRAPPED_BYTES + NONCE_BYTES || sealed[0] != VERSION) {
            throw new UnopenableSecretException(purpose);
        }
        byte[] dataKey = decrypt(key, Arrays.copyOfRange(sealed, 1, 1 + WRAPPED_BYTES), purpose);
        try {
            byte[] rest = Arrays.copyOfRange(sealed, 1 + WRAPPED_BYTES, sealed.length);
            return decrypt(new SecretKeySpec(dataKey, "AES"), rest, purpose);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /** A key for another algorithm that follows from this one, the same on every replica. */
    public byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }

    private byte[] encrypt(SecretKeySpec with, byte[] plain, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, with, nonce, purpose).doFinal(plain);
            return ByteBuffer.allocate(NONCE_BYTES + encrypted.length)
                    .put(nonce)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has AES/GCM", missing);
        }
    }

    private static byte[] decrypt(SecretKeySpec with, byte[] encrypted, String purpose) {
        byte[] nonce = Arrays.copyOf(encrypted, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, with, nonce, purpose)
                    .doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES);
        } catch (GeneralSecurityException wrong) {
            throw new UnopenableSecretException(purpose);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec with, byte[] nonce, String purpose)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, with, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
