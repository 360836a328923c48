package io.perpetua.accounts.domain.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key outside the database that wraps data keys, AES-256-GCM. It never meets the secrets
 * themselves. Never printed.
 */
public final class KeyEncryptionKey {
    /** Length of the key in bytes. */
    public static final int BYTES = Envelope.KEY_BYTES;

    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,32}");

    private final String id;
    private final SecretKeySpec key;

    /** Of 32 bytes, named by 1 to 32 small letters, digits and dashes. */
    public KeyEncryptionKey(String id, byte[] key) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a key's id has 1 to 32 of a-z, 0-9 and -");
        }
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a key-encryption key has 32 bytes");
        }
        this.id = id;
        this.key = new SecretKeySpec(key, "AES");
    }

    /** Its name, which is no secret. */
    public String id() {
        return id;
    }

    byte[] wrap(byte[] dataKey, SecretPlace place, SecureRandom random) {
        return Envelope.encrypt(key, dataKey, place.bytes(), random);
    }

    Optional<byte[]> unwrap(byte[] wrappedKey, SecretPlace place) {
        return Envelope.decrypt(key, wrappedKey, place.bytes());
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

    @Override
    public String toString() {
        return "KeyEncryptionKey[" + id + "]";
    }
}
