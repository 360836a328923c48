package io.perpetua.bench;

import io.perpetua.testkit.StreamClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Many subscribers to ten channels each on a running stack, while one more never reads: messages a
 * second, CPU and memory of market-data-service, and whether any sequence had a gap.
 */
@Command(
        name = "streams",
        description = "Subscribers of WebSocket streams, on a running stack.",
        mixinStandardHelpOptions = true)
final class StreamsBench implements Callable<Integer> {
    private static final List<String> SYMBOLS =
            List.of("BTC-PERP", "ETH-PERP", "SOL-PERP", "AVAX-PERP", "MATIC-PERP");
    private static final long REPORT_MILLIS = 5_000;
    private static final int STREAMS_AN_ADDRESS = 40;

    @Spec private CommandSpec spec;

    @Option(
            names = "--subscribers",
            defaultValue = "1000",
            description = "streams, of ten channels each (default ${DEFAULT-VALUE})")
    private int subscribers;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "how long they listen (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--url",
            defaultValue = "ws://127.0.0.1:8080/v1/stream",
            description = "the stream (default ${DEFAULT-VALUE}, through the front door)")
    private URI url;

    @Option(
            names = "--data",
            defaultValue = ".perpetua",
            description = "the stack's data folder, to measure its processes")
    private Path data;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Processes processes = new Processes(data);
        List<StreamClient> clients = new ArrayList<>();
        List<String> topics = topics();
        try (Socket _ = StreamClient.deaf(url, "127.0.0.1", topics.toArray(String[]::new))) {
            HttpClient http = HttpClient.newHttpClient();
            for (int i = 0; i < subscribers; i++) {
                if (i % STREAMS_AN_ADDRESS == 0) {
                    http = from(i / STREAMS_AN_ADDRESS);
                }
                StreamClient client = connect(http);
                clients.add(client);
                for (String topic : topics) {
                    client.send(topic);
                }
            }
            out.printf(
                    "%d streams of %d topics, and one that never reads%n",
                    subscribers, topics.size());
            out.flush();
            Map<String, Long> cpuBefore = processes.micros();
            long before = deltas(clients);
            long begin = System.nanoTime();
            for (long passed = 0; passed < seconds * 1_000L; passed += REPORT_MILLIS) {
                Thread.sleep(REPORT_MILLIS);
                out.printf(
                        "  %,d messages so far; market-data has %s%n",
                        deltas(clients) - before, memory());
                out.flush();
            }
            double took = (System.nanoTime() - begin) / 1e9;
            out.printf("%,.0f messages a second%n", (deltas(clients) - before) / took);
            Map<String, Long> cpuAfter = processes.micros();
            cpuAfter.forEach(
                    (part, micros) ->
                            out.printf(
                                    "  %-14s %3.0f %% of a core%n",
                                    part,
                                    (micros - cpuBefore.getOrDefault(part, micros)) / took / 1e4));
        } finally {
            clients.forEach(StreamClient::close);
        }
        return judge(clients, out);
    }

    /** A client with an address of its own: the service takes so many streams from one. */
    private static HttpClient from(int address) throws IOException {
        return HttpClient.newBuilder()
                .localAddress(
                        InetAddress.getByAddress(
                                new byte[] {
                                    127, 0, (byte) (1 + address / 250), (byte) (1 + address % 250)
                                }))
                .build();
    }

    /** The proxy may cut a connection in its handshake; clients connect again. */
    private StreamClient connect(HttpClient http) throws Exception {
        try {
            return StreamClient.connect(http, url, null);
        } catch (ExecutionException cut) {
            return StreamClient.connect(http, url, null);
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

    private static long deltas(List<StreamClient> clients) {
        return clients.stream().mapToLong(StreamClient::deltas).sum();
    }

    private int judge(List<StreamClient> clients, PrintWriter out) {
        List<String> gaps =
                clients.stream().map(StreamClient::firstGap).filter(Objects::nonNull).toList();
        List<String> closed =
                clients.stream().map(StreamClient::closed).filter(Objects::nonNull).toList();
        out.printf("gaps: %d, closed by the service: %d%n", gaps.size(), closed.size());
        gaps.stream().limit(3).forEach(gap -> out.println("  " + gap));
        closed.stream().limit(3).forEach(how -> out.println("  " + how));
        return gaps.isEmpty() && closed.isEmpty() ? 0 : 1;
    }

    /** The resident memory of market-data-service, as Linux has it. */
    private String memory() throws IOException {
        String pid = null;
        Path run = data.resolve("run/market-data.properties");
        if (Files.exists(run)) {
            Properties properties = new Properties();
            try (var reader = Files.newBufferedReader(run)) {
                properties.load(reader);
            }
            pid = properties.getProperty("pid");
        }
        Path status = Path.of("/proc", pid == null ? "0" : pid, "status");
        if (!Files.exists(status)) {
            return "an unknown amount of memory";
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .map(line -> line.substring("VmRSS:".length()).strip())
                    .orElse("an unknown amount of memory");
        }
    }
}
