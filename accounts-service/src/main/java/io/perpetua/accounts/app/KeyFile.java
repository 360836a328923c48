package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.vault.KeyEncryptionKey;
import io.perpetua.accounts.domain.vault.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The file that holds the key-encryption keys, for its owner's eyes only: a line each, {@code id:}
 * and 64 hexadecimal digits, the key that wraps last. A line without an id is of the first key
 * ever, and has the id {@code first}.
 */
final class KeyFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final String FIRST = "first";

    private final Path path;
    private final SecureRandom random;

    KeyFile(Path path, SecureRandom random) {
        this.path = path.toAbsolutePath();
        this.random = random;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /**
     * @throws IllegalStateException when the file holds no keys
     */
    KeyRing read() {
        List<KeyEncryptionKey> keys = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(path)) {
                if (!line.isBlank()) {
                    keys.add(key(line.strip()));
                }
            }
            return new KeyRing(keys, random);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalStateException(
                    path + " does not hold keys, a line each: id:64 hexadecimal digits");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("can't read the key file " + path, unreadable);
        }
    }

    private static KeyEncryptionKey key(String line) {
        int colon = line.indexOf(':');
        String id = colon < 0 ? FIRST : line.substring(0, colon);
        byte[] key = HexFormat.of().parseHex(line.substring(colon + 1));
        try {
            return new KeyEncryptionKey(id, key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Writes a new key unless another instance was faster; whole or not at all. */
    void create() {
        byte[] key = new byte[KeyEncryptionKey.BYTES];
        random.nextBytes(key);
        try {
            Path folder = path.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path written = Files.createTempFile(folder, "key", ".new", OWNER_ONLY);
            try {
                Files.writeString(written, HexFormat.of().formatHex(key) + "\n");
                Files.createLink(path, written);
            } catch (FileAlreadyExistsException anothers) {
                return;
            } finally {
                Files.delete(written);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException("can't write the key file " + path, unwritable);
        }
    }
}
