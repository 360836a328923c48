package io.perpetua.systemtests;

import io.perpetua.testkit.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole system on ports and in a folder of its own, started by {@code ./perpetua up --detach};
 * all tests of the JVM share it, and it ends with the JVM.
 */
final class Stack {
    /** How long access tokens are valid here: short, so that stories outlive some. */
    static final Duration TOKEN_LIFE = Duration.ofSeconds(20);

    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration RECOVERY = Duration.ofMinutes(4);
    private static final int[] PORTS = {8080, 8081, 8082, 8083, 8084, 15432, 19092, 19093};
    private static final int GREATEST_SHIFT = 12_000;

    private static @Nullable Stack shared;

    private final Path root = Repository.root();
    private final Path data;
    private final int shift;

    private Stack(Path data, int shift) {
        this.data = data;
        this.shift = shift;
    }

    /** The stack of this JVM, started by the first call. */
    static synchronized Stack shared() {
        if (shared == null) {
            try {
                Stack stack = new Stack(Files.createTempDirectory("perpetua-system-"), freeShift());
                Runtime.getRuntime().addShutdownHook(new Thread(stack::down, "stop-stack"));
                stack.up();
                shared = stack;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    private static int freeShift() {
        while (true) {
            int shift = ThreadLocalRandom.current().nextInt(100, GREATEST_SHIFT);
            boolean free = true;
            for (int port : PORTS) {
                free &= isFree(port + shift);
            }
            if (free) {
                return shift;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private void up() throws IOException {
        // This module is built after all that runs in the stack: there is nothing left to build.
        Files.write(root.resolve("devstack/target/built-stack"), new byte[0]);
        run(
                START,
                "up",
                "--detach",
                "--data",
                data.toString(),
                "--port-shift",
                Integer.toString(shift));
    }

    private void down() {
        try {
            run(RECOVERY, "down", "--data", data.toString());
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | IllegalStateException e) {
            System.err.println("can't stop or clean up " + data + ": " + e);
        }
    }

    private void run(Duration patience, String... arguments) throws IOException {
        Path output = Files.createTempFile("perpetua-system-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(
                                                Stream.of(root.resolve("perpetua").toString()),
                                                Stream.of(arguments))
                                        .toList())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment()
                .put(
                        "PERPETUA_ACCOUNTS_ACCESS_TOKEN_SECONDS",
                        Long.toString(TOKEN_LIFE.toSeconds()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
                throw new IllegalStateException(
                        "no end of " + List.of(arguments) + ":\n" + Files.readString(output));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        String said = Files.readString(output);
        Files.delete(output);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(List.of(arguments) + " failed:\n" + said);
        }
    }

    /** A secret of the stack, by the name of its file. */
    String secret(String name) throws IOException {
        return Files.readString(data.resolve(name)).strip();
    }

    /** Where users reach it. */
    URI frontDoor() {
        return URI.create("http://127.0.0.1:" + (8080 + shift));
    }

    /** The documented port of a service, where it is here. */
    URI service(int documentedPort) {
        return URI.create("http://127.0.0.1:" + (documentedPort + shift));
    }

    /** The process that is a part now: orders, risk, accounts, market-data, kafka or postgres. */
    long pid(String part) {
        return Long.parseLong(run(part).getProperty("pid", "0"));
    }

    private Properties run(String part) {
        Properties run = new Properties();
        try (var reader = Files.newBufferedReader(data.resolve("run/" + part + ".properties"))) {
            run.load(reader);
        } catch (IOException missing) {
            // being written anew: ask again
        }
        return run;
    }

    /** Kills a part as {@code kill -9} does; the supervisor starts it again. */
    void kill(String part) {
        ProcessHandle.of(pid(part)).orElseThrow().destroyForcibly();
    }

    /** Waits until the part runs again, as another process than {@code before}. */
    void awaitRestart(String part, long before) throws InterruptedException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (pid(part) == before || !run(part).getProperty("state", "").equals("up")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(part + " does not come back");
            }
            Thread.sleep(100);
        }
    }
}
