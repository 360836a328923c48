package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.vault.KeyEncryptionKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The file that holds the key-encryption key: 64 hexadecimal digits, for its owner's eyes only. */
final class KeyFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

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
     * @throws IllegalStateException when the file is no key
     */
    KeyEncryptionKey read() {
        try {
            String text = Files.readString(path).strip();
            return new KeyEncryptionKey(HexFormat.of().parseHex(text), random);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalStateException(path + " does not hold a key of 64 hexadecimal digits");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("can't read the key file " + path, unreadable);
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
