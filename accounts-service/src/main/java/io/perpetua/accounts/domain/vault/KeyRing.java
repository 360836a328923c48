package io.perpetua.accounts.domain.vault;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key-encryption keys that are in use: the last one wraps, all of them unwrap. A secret is
 * sealed by AES-256-GCM with a data key of its own, and that key is wrapped; both are bound to the
 * secret's {@link SecretPlace}.
 */
public final class KeyRing {
    private final List<KeyEncryptionKey> keys;
    private final SecureRandom random;

    /** Of at least one key; their ids differ. The last one wraps. */
    public KeyRing(List<KeyEncryptionKey> keys, SecureRandom random) {
        Set<String> ids = new HashSet<>();
        keys.forEach(key -> ids.add(key.id()));
        if (keys.isEmpty() || ids.size() < keys.size()) {
            throw new IllegalArgumentException("a ring has a key, and no two of one id");
        }
        this.keys = List.copyOf(keys);
        this.random = random;
    }

    /** The key that wraps. */
    public KeyEncryptionKey newest() {
        return keys.getLast();
    }

    /** All keys, the one that wraps last. */
    public List<KeyEncryptionKey> all() {
        return keys;
    }

    /** Whether it has the key of this id. */
    public boolean has(String keyId) {
        return keys.stream().anyMatch(key -> key.id().equals(keyId));
    }

    /** Seals a secret for its place; the caller goes on owning {@code secret}. */
    public SealedSecret seal(byte[] secret, SecretPlace place) {
        byte[] dataKey = new byte[Envelope.KEY_BYTES];
        random.nextBytes(dataKey);
        try {
            return new SealedSecret(
                    newest().id(),
                    newest().wrap(dataKey, place, random),
                    Envelope.encrypt(
                            new SecretKeySpec(dataKey, "AES"), secret, place.bytes(), random));
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /**
     * The secret again, to be closed by the caller.
     *
     * @throws UnopenableSecretException when it was sealed by a key that is not here or for another
     *     place, or was tampered with
     */
    public Secret open(SealedSecret sealed, SecretPlace place) {
        byte[] dataKey = unwrap(sealed.keyId(), sealed.wrappedKey(), place);
        try {
            return Envelope.decrypt(
                            new SecretKeySpec(dataKey, "AES"), sealed.ciphertext(), place.bytes())
                    .map(Secret::owning)
                    .orElseThrow(() -> new UnopenableSecretException(place));
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /**
     * The same data key, wrapped by the newest key; of the secret it needs nothing.
     *
     * @throws UnopenableSecretException as {@link #open} does
     */
    public byte[] rewrap(String keyId, byte[] wrappedKey, SecretPlace place) {
        byte[] dataKey = unwrap(keyId, wrappedKey, place);
        try {
            return newest().wrap(dataKey, place, random);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    private byte[] unwrap(String keyId, byte[] wrappedKey, SecretPlace place) {
        for (KeyEncryptionKey key : keys) {
            if (keyId.equals(SealedSecret.UNNAMED) || keyId.equals(key.id())) {
                Optional<byte[]> dataKey = key.unwrap(wrappedKey, place);
                if (dataKey.isPresent()) {
                    return dataKey.get();
                }
            }
        }
        throw new UnopenableSecretException(place);
    }
}
