package io.perpetua.systemtests;

import static org.awaitility.Awaitility.await;

import io.perpetua.testkit.LocalExchanges;
import io.perpetua.testkit.OpenIdProvider;
import io.perpetua.testkit.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole system on ports and in a folder of its own, started by {@code ./perpetua up --detach}
 * with two processes each of orders and risk; it ends with the JVM at the latest. Tests share one.
 */
public final class Stack implements AutoCloseable {
    /** How long access tokens are valid here: short, so that stories outlive some. */
    static final Duration TOKEN_LIFE = Duration.ofSeconds(20);

    /** Sooner than elsewhere: a story does not wait for minutes. */
    private static final Duration USERS_VALUED_EVERY = Duration.ofSeconds(2);

    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration RECOVERY = Duration.ofMinutes(4);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int BROKER = 19092;
    private static final int DATABASE = 15432;
    private static final int[] PORTS = {
        8080, 8081, 8082, 8083, 8084, 8092, 8093, DATABASE, BROKER, BROKER + 1
    };
    private static final int[] SERVICES = {8081, 8082, 8083, 8084, 8092, 8093};

    /** What a stack consists of, by the names that the folder of its processes has. */
    public static final List<String> PARTS =
            List.of(
                    "postgres",
                    "kafka",
                    "accounts",
                    "orders",
                    "orders-2",
                    "risk",
                    "risk-2",
                    "market-data",
                    "front-door");

    private static final int GREATEST_SHIFT = 12_000;

    /** The custodian is slow, fails, repeats itself, and loses a part of its answers. */
    private static final Map<String, String> CUSTODY =
            Map.of(
                    "PERPETUA_ACCOUNTS_SIMULATED_CUSTODY_ANSWER_MILLIS", "5",
                    "PERPETUA_ACCOUNTS_SIMULATED_CUSTODY_UNREACHABLE_PERCENT", "10",
                    "PERPETUA_ACCOUNTS_SIMULATED_CUSTODY_LOST_ANSWER_PERCENT", "10",
                    "PERPETUA_ACCOUNTS_SIMULATED_CUSTODY_DECLINED_PERCENT", "5",
                    "PERPETUA_ACCOUNTS_SIMULATED_CUSTODY_FAILED_PERCENT", "20",
                    "PERPETUA_ACCOUNTS_SIMULATED_CUSTODY_NOTICES", "2",
                    "PERPETUA_ACCOUNTS_WITHDRAWALS_CALL_SECONDS", "5",
                    "PERPETUA_ACCOUNTS_WITHDRAWALS_SILENCE_SECONDS", "5");

    private static @Nullable Stack shared;

    private final Path root = Repository.root();
    private final OpenIdProvider openIdProvider = OpenIdProvider.start(0);
    private final LocalExchanges exchanges = LocalExchanges.start(0);
    private final Path data;
    private final int shift;
    private boolean running;

    private Stack(Path data, int shift) {
        this.data = data;
        this.shift = shift;
    }

    /** The stack that tests share, started by the first call. */
    public static synchronized Stack shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /**
     * A stack of one's own, alone on the machine: the one that tests share ends, and whoever asks
     * for it later gets a new one.
     */
    public static synchronized Stack alone() {
        if (shared != null) {
            shared.close();
            shared = null;
        }
        return start();
    }

    private static Stack start() {
        try {
            Stack stack = new Stack(Files.createTempDirectory("perpetua-system-"), freeShift());
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop-stack"));
            stack.running = true;
            stack.up();
            return stack;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                Integer.toString(shift),
                "--replicas",
                "2");
    }

    /** Stops it and forgets what was stored. */
    @Override
    public synchronized void close() {
        if (!running) {
            return;
        }
        running = false;
        openIdProvider.close();
        exchanges.close();
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
        CUSTODY.forEach(builder.environment()::put);
        builder.environment()
                .put(
                        "PERPETUA_RISK_USER_VALUATION_MILLIS",
                        Long.toString(USERS_VALUED_EVERY.toMillis()));
        builder.environment()
                .put("PERPETUA_ACCOUNTS_OIDC_ISSUER", openIdProvider.issuer().toString());
        builder.environment().put("PERPETUA_ACCOUNTS_OIDC_CLIENT_ID", OpenIdProvider.CLIENT_ID);
        LocalExchanges.settings(exchanges.port())
                .forEach(
                        (name, value) ->
                                builder.environment()
                                        .put(
                                                name.replaceAll("[.-]", "_")
                                                        .toUpperCase(Locale.ROOT),
                                                value));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // Processes here live for a minute or two: what C2 makes of them would never pay.
        builder.environment()
                .merge(
                        "JAVA_TOOL_OPTIONS",
                        "-XX:TieredStopAtLevel=1",
                        (given, ours) -> given + " " + ours);
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

    /** By which its administrators can sign in. */
    OpenIdProvider openIdProvider() {
        return openIdProvider;
    }

    /** Where users reach it. */
    public URI frontDoor() {
        return URI.create("http://127.0.0.1:" + (8080 + shift));
    }

    /** The documented port of a service, where it is here. */
    URI service(int documentedPort) {
        return URI.create("http://127.0.0.1:" + (documentedPort + shift));
    }

    /** The broker's address. */
    public String broker() {
        return "127.0.0.1:" + (BROKER + shift);
    }

    /** The database as a service's shard role sees it. */
    public Connection database(String schema) throws SQLException {
        return database(schema, "shard");
    }

    /** The same as another of its roles sees it. */
    Connection database(String schema, String role) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", schema + "_" + role);
        try {
            properties.setProperty(
                    "password", Files.readString(data.resolve("database-password")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        properties.setProperty("currentSchema", schema);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "4");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + (DATABASE + shift) + "/perpetua", properties);
    }

    /** Where everything is stored, logs included, until it is closed. */
    public Path data() {
        return data;
    }

    /**
     * The process that is a part now: orders, orders-2, risk, risk-2, accounts, market-data,
     * front-door, kafka or postgres.
     */
    public long pid(String part) {
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
    public void kill(String part) {
        ProcessHandle.of(pid(part)).orElseThrow().destroyForcibly();
    }

    /** Stops a process where it stands, as a long pause of its machine does. */
    public void pause(long pid) {
        signal(pid, "STOP");
    }

    /** Lets a paused process go on. */
    public void resume(long pid) {
        signal(pid, "CONT");
    }

    private static void signal(long pid, String signal) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException("no process " + pid + " to signal");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Whether the supervisor calls a part up. */
    public boolean isUp(String part) {
        Properties run = run(part);
        return run.getProperty("state", "").equals("up")
                && ProcessHandle.of(Long.parseLong(run.getProperty("pid", "0"))).isPresent();
    }

    /** Waits until the supervisor calls a part up. */
    public void awaitUp(String part) throws InterruptedException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (!isUp(part)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(part + " does not come up");
            }
            Thread.sleep(100);
        }
    }

    /**
     * Waits until every part is up and every service says that it is ready, whatever was killed
     * before.
     */
    void awaitReady() throws InterruptedException {
        for (String part : PARTS) {
            awaitUp(part);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int port : SERVICES) {
                await("that the service at %d is ready".formatted(port))
                        .atMost(RECOVERY)
                        .pollDelay(Duration.ZERO)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> isReady(http, service(port)));
            }
        }
    }

    private static boolean isReady(HttpClient http, URI service)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(service.resolve("/q/health/ready")).timeout(ANSWER).build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    /** The process that each part is now: another one once it was started again. */
    Map<String, Long> processes() {
        return PARTS.stream().collect(Collectors.toMap(part -> part, this::pid));
    }

    /** Waits until the part runs again, as another process than {@code before}. */
    public void awaitRestart(String part, long before) throws InterruptedException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (pid(part) == before || !run(part).getProperty("state", "").equals("up")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(part + " does not come back");
            }
            Thread.sleep(100);
        }
    }
}
