package io.perpetua.bench;

import io.perpetua.testkit.ServiceProcess;
import io.perpetua.testkit.StreamClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Many subscribers to ten channels each on a running stack, then some more that never read: changes
 * a second, CPU and memory of market-data-service over time, and whether any sequence had a gap.
 */
@Command(
        name = "streams",
        description = "Subscribers of WebSocket streams, on a running stack.",
        mixinStandardHelpOptions = true)
final class StreamsBench implements Callable<Integer> {
    private static final List<String> SYMBOLS =
            List.of("BTC-PERP", "ETH-PERP", "SOL-PERP", "AVAX-PERP", "MATIC-PERP");
    private static final int REPORT_SECONDS = 5;
    private static final int READY_SECONDS = 60;

    @Spec private CommandSpec spec;

    @Option(
            names = "--subscribers",
            defaultValue = "1000",
            description = "streams, of ten channels each (default ${DEFAULT-VALUE})")
    private int subscribers;

    @Option(
            names = "--deaf",
            defaultValue = "1",
            description = "streams more that never read (default ${DEFAULT-VALUE})")
    private int deaf;

    @Option(
            names = "--connects",
            defaultValue = "100",
            description = "streams opened a second, at most (default ${DEFAULT-VALUE})")
    private int connectsPerSecond;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description =
                    "how long they listen, once without those that never read and once with them"
                            + " (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--url",
            defaultValue = "ws://127.0.0.1:8084/v1/stream",
            description = "the stream of market-data-service (default ${DEFAULT-VALUE})")
    private URI url;

    @Option(
            names = "--data",
            defaultValue = ".perpetua",
            description = "the stack's data folder, to measure its processes")
    private Path data;

    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Integer call() throws Exception {
        List<String> topics = topics();
        List<Socket> neverRead = new ArrayList<>();
        try (StreamReaders readers = new StreamReaders(url, topics)) {
            print("with no stream: %s", memory());
            open(readers);
            listen(readers, subscribers + " streams of " + topics.size() + " topics");
            for (int i = 0; i < deaf; i++) {
                neverRead.add(StreamClient.deaf(url, "127.0.0.1", topics.toArray(String[]::new)));
            }
            listen(readers, "and " + deaf + " that never read");
            return judge(readers);
        } finally {
            for (Socket socket : neverRead) {
                socket.close();
            }
        }
    }

    private static List<String> topics() {
        List<String> topics = new ArrayList<>();
        for (String symbol : SYMBOLS) {
            for (String channel : List.of("marks", "oracle")) {
                topics.add(
                        "{\"op\":\"subscribe\",\"channel\":\"%s\",\"market\":\"%s\"}"
                                .formatted(channel, symbol));
            }
        }
        return topics;
    }

    private void open(StreamReaders readers) throws IOException {
        long pauseNanos = TimeUnit.SECONDS.toNanos(1) / connectsPerSecond;
        long due = System.nanoTime();
        for (int i = 1; i <= subscribers; i++) {
            readers.open();
            if (i % connectsPerSecond == 0) {
                print("  %d opened", i);
            }
            due = Math.max(due + pauseNanos, System.nanoTime());
            LockSupport.parkNanos(due - System.nanoTime());
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (readers.subscribed() < subscribers && System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        print("  %d have all topics", readers.subscribed());
    }

    private void listen(StreamReaders readers, String what)
            throws IOException, InterruptedException {
        print("%s", what);
        Processes processes = new Processes(data);
        Map<String, Long> cpuBefore = processes.micros();
        long before = readers.changes();
        long begin = System.nanoTime();
        for (int passed = REPORT_SECONDS; passed <= seconds; passed += REPORT_SECONDS) {
            long due = begin + TimeUnit.SECONDS.toNanos(passed);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            print("  %3d s: %,d changes; %s", passed, readers.changes() - before, memory());
        }
        double took = (System.nanoTime() - begin) / 1e9;
        print("  %,.0f changes a second", (readers.changes() - before) / took);
        Map<String, Long> cpuAfter = processes.micros();
        cpuAfter.forEach(
                (part, micros) ->
                        print(
                                "  %-14s %3.0f %% of a core",
                                part,
                                (micros - cpuBefore.getOrDefault(part, micros)) / took / 1e4));
    }

    private int judge(StreamReaders readers) {
        List<String> gaps = readers.gaps();
        List<String> closed = readers.closed();
        print("gaps: %d; readers that were closed: %d", gaps.size(), closed.size());
        gaps.stream().limit(3).forEach(gap -> print("  %s", gap));
        closed.stream().limit(3).forEach(how -> print("  %s", how));
        return gaps.isEmpty() && closed.isEmpty() ? 0 : 1;
    }

    /** What market-data-service holds, once it has collected, and whom it has closed. */
    private String memory() throws IOException, InterruptedException {
        String pid = pid();
        Path status = Path.of("/proc", pid, "status");
        if (!Files.exists(status)) {
            return "the process of market-data is not known";
        }
        long live = ServiceProcess.heap(Long.parseLong(pid), "").bytes();
        try (var lines = Files.lines(status)) {
            long kilobytes =
                    lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum();
            return String.format(
                    Locale.ROOT,
                    "%.1f MB live, %.0f MB resident; %.0f streams, %.0f closed as slow",
                    live / 1e6,
                    kilobytes / 1e3,
                    metric("perpetua_stream_connections"),
                    metric("perpetua_stream_closed_total{reason=\"SLOW_CONSUMER\"}"));
        }
    }

    private String pid() throws IOException {
        Path run = data.resolve("run/market-data.properties");
        Properties properties = new Properties();
        if (Files.exists(run)) {
            try (var reader = Files.newBufferedReader(run)) {
                properties.load(reader);
            }
        }
        return properties.getProperty("pid", "0");
    }

    private double metric(String name) throws IOException, InterruptedException {
        URI metrics = URI.create("http://" + url.getAuthority() + "/q/metrics");
        return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private void print(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }
}
