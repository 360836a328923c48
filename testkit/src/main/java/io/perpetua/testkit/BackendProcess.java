package io.perpetua.testkit;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One backend, to be killed or paused by a test. It is started again a second after its death, on
 * the same port and with the same data.
 */
public final class BackendProcess {
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(60);

    private final Path runFile;

    BackendProcess(Path runFile) {
        this.runFile = runFile;
    }

    /** Kills it without warning; {@link #awaitUp} waits for the next one. */
    public void kill() {
        long pid = pid();
        signal("KILL", pid);
        awaitUntil(() -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    /** Freezes it and its children: connections stay open and nothing answers. */
    public void pause() {
        ProcessHandle process = process();
        signal("STOP", process.pid());
        process.descendants().forEach(child -> signal("STOP", child.pid()));
    }

    /** Ends a pause. */
    public void resume() {
        ProcessHandle process = process();
        process.descendants().forEach(child -> signal("CONT", child.pid()));
        signal("CONT", process.pid());
    }

    /** Waits until it runs and is ready. */
    public void awaitUp() {
        awaitUntil(this::isUp);
    }

    private boolean isUp() {
        Properties properties = properties();
        return "up".equals(properties.getProperty("state"))
                && ProcessHandle.of(pid()).map(ProcessHandle::isAlive).orElse(false);
    }

    private ProcessHandle process() {
        return ProcessHandle.of(pid()).orElseThrow();
    }

    private long pid() {
        return Long.parseLong(properties().getProperty("pid"));
    }

    private Properties properties() {
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(runFile)));
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String name, long pid) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void awaitUntil(java.util.function.BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + RESTART_LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException(
                        runFile.getFileName() + " is not as awaited after " + RESTART_LIMIT);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
