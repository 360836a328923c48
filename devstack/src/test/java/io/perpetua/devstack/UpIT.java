package io.perpetua.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perpetua.contracts.Partitions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole stack with real backends and stand-in services, and the script that looks after it. */
@Timeout(300)
class UpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> PARTS =
            List.of("postgres", "kafka", "accounts", "orders", "risk", "market-data", "front-door");

    @TempDir Path folder;

    private final List<Process> started = new ArrayList<>();
    private Path data;
    private int portShift;

    @BeforeEach
    void prepare() throws IOException {
        data = folder.resolve("data");
        portShift = freePortShift();
        for (Service service : Service.values()) {
            Path app = folder.resolve(service.module()).resolve("target").resolve("quarkus-app");
            for (String name : List.of("app", "quarkus", "lib/boot", "lib/main")) {
                Files.createDirectories(app.resolve(name));
            }
            writeJar(app.resolve("quarkus-run.jar"));
        }
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroy();
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shouldBringPartsBackWithTheirDataWhenTheyAreKilled() throws Exception {
        Files.createDirectories(data.resolve("postgres.partial/half"));
        Files.createDirectories(data.resolve("kafka.partial/half"));
        up();
        sql("create table kept as select 7 as id");
        List<Long> first = PARTS.stream().map(this::pid).toList();

        PARTS.forEach(part -> ChildProcess.signal(pid(part), "KILL"));

        await().atMost(PATIENCE)
                .until(() -> PARTS.stream().map(this::pid).noneMatch(first::contains));
        await().atMost(PATIENCE).until(() -> script("status").exitCode() == 0);
        assertThat(sql("select id from kept")).isEqualTo("7");
    }

    @Test
    void shouldStartAgainWithItsDataWhenTheSupervisorIsKilled() throws Exception {
        Process supervisor = up();
        sql("create table kept as select 7 as id");
        List<Long> children = PARTS.stream().map(this::pid).toList();

        ChildProcess.signal(supervisor.pid(), "KILL");
        up();

        assertThat(children)
                .allMatch(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(sql("select id from kept")).isEqualTo("7");
    }

    @Test
    void shouldObeyTheScriptWhenItRuns() throws Exception {
        Process supervisor = up();
        long orders = pid("orders");

        Result status = script("status");
        Result restart = script("restart", "orders");
        Result second = run(upCommand());
        Result down = script("down");

        assertThat(status.exitCode()).isZero();
        assertThat(status.output()).containsPattern("orders +up +" + orders + " .*ready");
        assertThat(restart.output()).startsWith("orders runs again");
        assertThat(pid("orders")).isNotEqualTo(orders);
        assertThat(second.output()).contains("already runs on " + data, "pid " + supervisor.pid());
        assertThat(down.output()).contains("Stopped.");
        assertThat(supervisor.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(PARTS)
                .allMatch(part -> RunFile.read(new StateFolder(data), part).isPresent())
                .noneMatch(part -> RunFile.read(new StateFolder(data), part).get().isAlive());
    }

    @Test
    void shouldSayWhatIsWrongWhenTheDataHasOtherShards() throws Exception {
        Process supervisor = up();
        supervisor.destroy();
        assertThat(supervisor.waitFor(90, TimeUnit.SECONDS)).isTrue();

        Result up = run(upCommand(), Map.of(Partitions.USERS_VARIABLE, "5"));

        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.output())
                .contains(
                        "kafka does not start",
                        "has 4 partitions here, 5 are meant;"
                                + " PERPETUA_USER_SHARDS must be what it was");
    }

    @Test
    void shouldNameTheHolderWhenAPortIsTaken() throws Exception {
        int port = Ports.shifted(portShift).of(Service.RISK);
        try (ServerSocket holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Result up = run(upCommand());

            assertThat(holder.isBound()).isTrue();
            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.output())
                    .contains(
                            "Port "
                                    + port
                                    + ", which risk needs, is taken by process "
                                    + ProcessHandle.current().pid());
        }
    }

    private Process up() throws Exception {
        Path log = folder.resolve("up-" + started.size() + ".log");
        Process process =
                new ProcessBuilder(upCommand())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        started.add(process);
        await().atMost(PATIENCE)
                .until(() -> !process.isAlive() || read(log).contains("Perpetua is up"));
        assertThat(read(log)).contains("Perpetua is up");
        return process;
    }

    private List<String> upCommand() {
        Path target = CHECKOUT.resolve("devstack/target");
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                target.resolve("perpetua-devstack-0.1.0-SNAPSHOT.jar") + ":" + target + "/lib/*",
                Up.class.getName(),
                "--root",
                folder.toString(),
                "--data",
                data.toString(),
                "--port-shift",
                Integer.toString(portShift),
                "--prepare",
                "no");
    }

    private long pid(String part) {
        return RunFile.read(new StateFolder(data), part).orElseThrow().pid();
    }

    private String sql(String statement) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:%d/perpetua".formatted(15432 + portShift);
        String password = Files.readString(data.resolve("database-password"));
        try (Connection connection = DriverManager.getConnection(url, "postgres", password);
                Statement query = connection.createStatement()) {
            if (!query.execute(statement)) {
                return "";
            }
            try (ResultSet rows = query.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Result script(String command, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(CHECKOUT.resolve("perpetua").toString());
        words.add(command);
        words.addAll(List.of(arguments));
        words.addAll(List.of("--data", data.toString()));
        return run(words);
    }

    private record Result(int exitCode, String output) {}

    private static Result run(List<String> command) {
        return run(command, Map.of());
    }

    private static Result run(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Below the range of outgoing connections, as for {@link Ports#free}. */
    private static int freePortShift() {
        return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(12_000, 12_900))
                .filter(
                        shift ->
                                Stream.of(8080, 8081, 8082, 8083, 8084, 15432, 19092, 19093)
                                        .allMatch(port -> Ports.isFree(port + shift)))
                .findFirst()
                .orElseThrow();
    }

    private static void writeJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(Attributes.Name.MAIN_CLASS, StandInService.class.getName());
        Path classes = Path.of("target/test-classes");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> found = Files.walk(classes)) {
            for (Path path : found.filter(p -> p.toString().contains("StandIn")).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                out.write(Files.readAllBytes(path));
                out.closeEntry();
            }
        }
    }
}
