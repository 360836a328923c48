package io.perpetua.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Real PostgreSQL and Kafka for the tests of one JVM: free ports, a data folder of their own, every
 * commit on disk. They start at the first use, stop with the JVM, and die with it if it is killed.
 *
 * <p>The broker has every topic of the platform. Tests of one JVM share its topics but not a
 * database: each takes one by {@link #createDatabase()}.
 */
public final class Backends {
    private static final String READY = "ready ";

    private static @Nullable Backends shared;

    private final Path folder;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final int postgresPort;
    private final int brokerPort;
    private final String password;
    private final AtomicInteger databases = new AtomicInteger();

    private Backends(Path folder) throws IOException {
        this.folder = folder;
        this.process = launch(folder);
        this.commands =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-backends"));
        String line = answers.readLine();
        if (line == null || !line.startsWith(READY)) {
            throw new IllegalStateException(
                    "the backends did not start: " + Files.readString(log()));
        }
        String[] ports = line.substring(READY.length()).split(" ", -1);
        this.postgresPort = Integer.parseInt(ports[0]);
        this.brokerPort = Integer.parseInt(ports[1]);
        this.password = Files.readString(folder.resolve("database-password")).strip();
    }

    /** The backends of this JVM, started by the first call. */
    public static synchronized Backends shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** Backends of one's own, where nothing else publishes; they end with the JVM. */
    public static Backends start() {
        try {
            return new Backends(Files.createTempDirectory("perpetua-backends-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new database that no other test uses. */
    public Database createDatabase() {
        String name = "test_" + databases.incrementAndGet();
        command("database " + name);
        return new Database(name, postgresPort, password);
    }

    /** Makes a topic that is not one of the platform's. */
    public void createTopic(String name, int partitions) {
        command("topic " + name + " " + partitions + " history");
    }

    /** Makes a topic of which only the newest record of each key is kept. */
    public void createCompactedTopic(String name, int partitions) {
        command("topic " + name + " " + partitions + " newest");
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    public BackendProcess postgres() {
        return new BackendProcess(folder.resolve("run/postgres.properties"));
    }

    public BackendProcess broker() {
        return new BackendProcess(folder.resolve("run/kafka.properties"));
    }

    private synchronized void command(String line) {
        try {
            commands.write(line);
            commands.newLine();
            commands.flush();
            String answer = answers.readLine();
            if (!"done".equals(answer)) {
                throw new IllegalStateException("'" + line + "' was answered: " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return log(folder);
    }

    private static Path log(Path folder) {
        return folder.resolve("backends.log");
    }

    private static Process launch(Path folder) throws IOException {
        Path target = Repository.root().resolve("devstack/target");
        Path jar = target.resolve("perpetua-devstack-0.1.0-SNAPSHOT.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    jar + " is missing: build it with ./mvnw -pl devstack -am package -DskipTests");
        }
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        jar + ":" + target.resolve("lib") + "/*",
                        "io.perpetua.devstack.Backends",
                        folder.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log(folder).toFile()))
                .start();
    }

    private void stop() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroy();
            }
            BackendProcess.deleteAll(folder);
        } catch (IOException e) {
            System.err.println("can't clean up " + folder + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
