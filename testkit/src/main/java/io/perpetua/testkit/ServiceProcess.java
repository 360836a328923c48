package io.perpetua.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One service as a process of its own, from what its module's build made. */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(25);

    private final String module;
    private final int port;
    private final Path log;
    private final Process process;
    private final long beganNanos;
    private final HttpClient http = HttpClient.newHttpClient();

    private ServiceProcess(String module, int port, Path log, Process process, long beganNanos) {
        this.module = module;
        this.port = port;
        this.log = log;
        this.process = process;
        this.beganNanos = beganNanos;
    }

    /**
     * Starts it as {@code ./perpetua up} does, and does not wait.
     *
     * @param aotCache made when the process ends if it is not there, otherwise used; null for none
     */
    public static ServiceProcess start(
            String module,
            Backends backends,
            Database database,
            int workers,
            @Nullable Path aotCache,
            List<String> jvmOptions)
            throws IOException {
        int port = freePort();
        Path log = Files.createTempFile("perpetua-process-" + module + "-", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        command.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        if (aotCache != null) {
            command.add(
                    (Files.exists(aotCache) ? "-XX:AOTCache=" : "-XX:AOTCacheOutput=") + aotCache);
        }
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(classPath(module));
        command.add("io.quarkus.runner.GeneratedMain");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "QUARKUS_HTTP_HOST",
                                "127.0.0.1",
                                "QUARKUS_HTTP_PORT",
                                Integer.toString(port),
                                "PERPETUA_DATABASE_URL",
                                database.jdbcUrl(),
                                "PERPETUA_DATABASE_PASSWORD",
                                database.password(),
                                "PERPETUA_KAFKA_BOOTSTRAP_SERVERS",
                                backends.bootstrapServers(),
                                "PERPETUA_BUDGETS_PERCENT",
                                "100000",
                                "PERPETUA_ORDERS_SHARD_WORKERS",
                                Integer.toString(workers),
                                "PERPETUA_RISK_SHARD_WORKERS",
                                Integer.toString(workers)));
        long beganNanos = System.nanoTime();
        return new ServiceProcess(module, port, log, builder.start(), beganNanos);
    }

    /** The jars of the build, rewritten classes first. */
    private static String classPath(String module) throws IOException {
        Path app = Repository.root().resolve(module).resolve("target/quarkus-app");
        if (!Files.exists(app)) {
            throw new IllegalStateException(
                    app + " is missing: ./mvnw -pl " + module + " -am package -DskipTests");
        }
        List<String> jars = new ArrayList<>();
        for (String part : List.of("quarkus", "app", "lib/boot", "lib/main")) {
            try (Stream<Path> files = Files.list(app.resolve(part))) {
                files.map(Path::toString)
                        .filter(file -> file.endsWith(".jar"))
                        .sorted(Comparator.reverseOrder())
                        .forEach(jars::add);
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Waits until it says it is ready and owns all its shards; the seconds since its start. */
    public double awaitReady(int shards) throws IOException, InterruptedException {
        await(
                "ready",
                () ->
                        get("/q/health/ready").statusCode() == 200
                                && metric("perpetua_eventlog_owned_shards") >= shards);
        return seconds();
    }

    /** The seconds since its start. */
    public double seconds() {
        return (System.nanoTime() - beganNanos) / 1e9;
    }

    /** Something that becomes true. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits for something that this process is to bring about. */
    public void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + LONGEST_START.toNanos();
        while (!isTrue(condition)) {
            if (!process.isAlive()) {
                throw new IllegalStateException(module + " ended; its log is " + log);
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException(
                        module + " is not " + what + " after " + LONGEST_START + ", see " + log);
            }
            Thread.sleep(POLL);
        }
    }

    private static boolean isTrue(Condition condition) throws InterruptedException, IOException {
        try {
            return condition.holds();
        } catch (ConnectException | HttpTimeoutException notYet) {
            return false;
        }
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Answers a GET. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(LONGEST_ANSWER)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The sum of a metric over all its labels; 0 if there is none of that name. */
    public double metric(String name) throws IOException, InterruptedException {
        return metric(name, "");
    }

    /** The same over those whose labels have {@code label}, such as {@code group="x"}. */
    public double metric(String name, String label) throws IOException, InterruptedException {
        double sum = 0;
        for (String line : get("/q/metrics").body().split("\n", -1)) {
            if ((line.startsWith(name + "{") || line.startsWith(name + " "))
                    && line.contains(label)) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    /** The CPU it has used, in seconds. */
    public double cpuSeconds() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** Live objects of a class and of all, after a full collection. */
    public Heap heap(String className) throws IOException, InterruptedException {
        return heap(process.pid(), className);
    }

    /** The same of any JVM that runs here as this user; nothing when there is none. */
    public static Heap heap(long pid, String className) throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(pid),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        long instances = 0;
        long bytes = 0;
        for (String line : histogram.split("\n", -1)) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 4 && words[3].equals(className)) {
                instances = Long.parseLong(words[1]);
            } else if (words.length == 3 && words[0].equals("Total")) {
                bytes = Long.parseLong(words[2]);
            }
        }
        return new Heap(instances, bytes);
    }

    /**
     * What lives in its heap.
     *
     * @param instances of the class asked for
     * @param bytes of all objects
     */
    public record Heap(long instances, long bytes) {}

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it in order. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
