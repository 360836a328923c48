package io.perpetua.devstack;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What is known on disk about a process of the stack, for {@code ./perpetua} and for the next
 * start.
 *
 * @param startedMillis when the process began, by the kernel: a pid that was given to another
 *     process since is told apart by it
 */
record RunFile(String name, long pid, long startedMillis, int port, String state) {
    private static final long STOP_LIMIT_SECONDS = 20;
    private static final String SUFFIX = ".properties";

    RunFile(String name, ProcessHandle process, int port, String state) {
        this(name, process.pid(), startedMillis(process), port, state);
    }

    /** Of which processes anything is known. */
    static List<String> names(StateFolder folder) {
        try (Stream<Path> files = Files.list(folder.run())) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(StateFolder folder, String name) {
        try {
            Files.deleteIfExists(file(folder, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Optional<RunFile> read(StateFolder folder, String name) {
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file(folder, name))));
            return Optional.of(
                    new RunFile(
                            name,
                            Long.parseLong(properties.getProperty("pid", "")),
                            Long.parseLong(properties.getProperty("started", "")),
                            Integer.parseInt(properties.getProperty("port", "")),
                            properties.getProperty("state", "")));
        } catch (NoSuchFileException | NumberFormatException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(StateFolder folder) {
        String text =
                "name=%s%npid=%d%nstarted=%d%nport=%d%nstate=%s%n"
                        .formatted(name, pid, startedMillis, port, state);
        Path file = file(folder, name);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process().isPresent();
    }

    /** Waits until the process is gone; one that doesn't go in time is killed. */
    void awaitEnd() {
        process()
                .ifPresent(
                        process -> {
                            try {
                                process.onExit().get(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
                            } catch (TimeoutException e) {
                                process.destroyForcibly();
                            } catch (ExecutionException e) {
                                throw new IllegalStateException(e);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> Math.abs(startedMillis(process) - startedMillis) < 1_000);
    }

    private static long startedMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static Path file(StateFolder folder, String name) {
        return folder.run().resolve(name + SUFFIX);
    }
}
