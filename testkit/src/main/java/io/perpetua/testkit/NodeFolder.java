package io.perpetua.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder with scripts for Node.js and the packages that their lock file names. */
public final class NodeFolder {
    private final Path folder;

    private NodeFolder(Path folder) {
        this.folder = folder;
    }

    /** Whether the tests may be skipped for want of Node.js: it is missing, and this is not CI. */
    public static boolean isMissing() throws InterruptedException {
        return System.getenv("CI") == null && !(isThere("node") && isThere("npm"));
    }

    /** Copies the files of {@code source} to {@code target} and installs their packages there. */
    public static NodeFolder install(Path source, Path target)
            throws IOException, InterruptedException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(
                        file,
                        target.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        NodeFolder installed = new NodeFolder(target);
        installed.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        return installed;
    }

    private static boolean isThere(String command) throws InterruptedException {
        try {
            return new ProcessBuilder(command, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** What the command said, once it has ended well; five minutes at most. */
    public String run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve(command[0] + ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean isOver = process.waitFor(5, TimeUnit.MINUTES);
        if (!isOver) {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        if (!isOver || process.exitValue() != 0) {
            throw new IllegalStateException(
                    "'%s' did not end well: %s".formatted(String.join(" ", command), said));
        }
        return said;
    }

    /** A script that goes on running; it has to end when its standard input does. */
    public Server start(String script, String readyPrefix) throws IOException {
        Process process =
                new ProcessBuilder("node", script)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        StringBuilder said = new StringBuilder();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (@Nullable String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(readyPrefix)) {
                Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
                return new Server(process, line.substring(readyPrefix.length()));
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("'node %s' ended: %s".formatted(script, said));
    }

    /**
     * A running script.
     *
     * @param ready what it said after the prefix that it was waited for
     */
    public record Server(Process process, String ready) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
