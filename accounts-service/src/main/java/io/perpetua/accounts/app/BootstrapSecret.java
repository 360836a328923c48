package io.perpetua.accounts.app;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The operator's secret: the first administrator enrols by it, and while they are alone it is the
 * second pair of eyes. Found in its file each time it is asked.
 */
@ApplicationScoped
public class BootstrapSecret {
    private static final int SHORTEST = 24;

    private final Optional<Path> file;

    /** With where it is. */
    public BootstrapSecret(AccountsConfig config) {
        this.file = config.adminBootstrapFile();
    }

    /** Whether it is the text; never when there is no file, or a short one. */
    boolean is(String text) {
        if (file.isEmpty() || !Files.isReadable(file.get())) {
            return false;
        }
        try {
            String secret = Files.readString(file.get()).strip();
            return secret.length() >= SHORTEST
                    && MessageDigest.isEqual(
                            secret.getBytes(StandardCharsets.UTF_8),
                            text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
