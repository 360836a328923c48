package io.perpetua.devstack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once from the jar they come in and shared by all stacks of a
 * checkout.
 *
 * <p>The folder appears under its name in one step, when it is whole; one that lost files since is
 * deleted and unpacked again.
 */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /** The folder with {@code bin}, {@code lib} and {@code share}. */
    static Path unpacked() {
        URL archive = archive();
        String jar = archive.getPath().replaceFirst("\\.jar!.*", "");
        Path folder = buildFolder().resolve(jar.substring(jar.lastIndexOf('/') + 1));
        if (isWhole(folder)) {
            return folder;
        }
        Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
        try (FileChannel channel =
                        FileChannel.open(
                                lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            if (lock.isValid() && !isWhole(folder)) {
                Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
                deleteAll(partial);
                deleteAll(folder);
                unpack(archive, partial);
                Files.createFile(partial.resolve("complete"));
                Unprivileged.here().own(partial);
                Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new StackException("Can't unpack PostgreSQL into " + folder + ": " + e);
        }
        return folder;
    }

    private static boolean isWhole(Path folder) {
        return Files.exists(folder.resolve("complete"))
                && Stream.of("initdb", "postgres", "pg_ctl")
                        .allMatch(name -> Files.isExecutable(folder.resolve("bin").resolve(name)))
                && Files.exists(folder.resolve("share/postgresql/postgres.bki"));
    }

    private static URL archive() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "darwin" : "linux";
        for (String machine : List.of("x86_64", "arm_64")) {
            URL url =
                    PostgresBinaries.class.getResource(
                            "/postgres-%s-%s.txz".formatted(system, machine));
            if (url != null) {
                return url;
            }
        }
        throw new StackException(
                "There are no PostgreSQL programs for "
                        + os
                        + " "
                        + System.getProperty("os.arch")
                        + "; Linux and macOS on amd64 and arm64 are known.");
    }

    /** {@code target}: beside this class's jar, or above its class files. */
    static Path buildFolder() {
        try {
            URL code = PostgresBinaries.class.getProtectionDomain().getCodeSource().getLocation();
            return Objects.requireNonNull(Path.of(code.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (InputStream raw = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(raw))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                write(tar, entry, folder.resolve(entry.getName()).normalize());
                entry = tar.getNextEntry();
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            throw new IOException("hard link in the archive: " + entry.getName());
        } else {
            Files.copy(tar, file);
            Files.setPosixFilePermissions(file, permissions(entry.getMode()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions =
                EnumSet.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.GROUP_READ,
                        PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }

    static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
