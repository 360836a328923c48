package io.perpetua.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The folder where a stack keeps everything that survives a restart.
 *
 * @param root absolute path of the folder
 */
record StateFolder(Path root) {
    private static final int SECRET_BYTES = 24;

    StateFolder {
        root = root.toAbsolutePath().normalize();
    }

    static StateFolder open(Path root) {
        StateFolder folder = new StateFolder(root);
        try {
            Files.createDirectories(folder.root);
            Files.createDirectories(folder.run());
            Files.createDirectories(folder.root.resolve("logs"));
        } catch (IOException e) {
            throw new StackException("Can't write to the state folder " + root + ": " + e);
        }
        return folder;
    }

    Path postgresData() {
        return root.resolve("postgres");
    }

    Path kafkaData() {
        return root.resolve("kafka");
    }

    Path log(String part) {
        return root.resolve("logs").resolve(part + ".log");
    }

    /** What runs now: one file a part, rewritten at each change of its state. */
    Path run() {
        return root.resolve("run");
    }

    /** Exists from the moment the broker has its topics until it stops. */
    Path brokerReady() {
        return run().resolve("broker.ready");
    }

    /**
     * The password of every database role of this stack: {@code PERPETUA_DATABASE_PASSWORD} if it
     * is set, else one made at the first start and kept readable by its owner only.
     */
    String databasePassword() {
        return secret("PERPETUA_DATABASE_PASSWORD", "database-password");
    }

    /** What the simulated custodian of this stack signs its notices with; found as the password. */
    String custodianSecret() {
        return secret("PERPETUA_ACCOUNTS_CUSTODIAN_SECRET", "custodian-secret");
    }

    /** The file with the secret by which the first administrator of this stack enrols. */
    Path adminBootstrap() {
        try {
            return random("admin-bootstrap");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String secret(String variable, String name) {
        String given = System.getenv(variable);
        if (given != null && !given.isBlank()) {
            return given;
        }
        try {
            return Files.readString(random(name)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of random text, made unless it is there. */
    private Path random(String name) throws IOException {
        Path file = root.resolve(name);
        if (!Files.exists(file)) {
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return file;
    }
}
