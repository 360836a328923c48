package io.perpetua.bench;

import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Wallet;
import io.perpetua.demo.trader.Listing;
import io.perpetua.demo.trader.MarketWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Order entry over HTTP on a running stack, answered after the matching commit: through the front
 * door and at orders-service itself, as a closed and as an open loop.
 */
@Command(
        name = "orders",
        description = "Order entry over HTTP, on a running stack.",
        mixinStandardHelpOptions = true)
final class OrdersBench implements Callable<Integer> {
    private static final Usd FUNDS = Usd.ofDollars(1_000_000);
    private static final long WATCH_MILLIS = 500;
    private static final double OPEN_LOOP_SHARE = 0.6;

    @Spec private CommandSpec spec;

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "HTTP connections, an account each (default ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--batch",
            defaultValue = "1",
            description =
                    "orders or cancels a request, at most 20; above 1 by the batch calls"
                            + " (default ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "how long each run is measured (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "90",
            description =
                    "seconds before that: fresh JVMs compile for more than a minute"
                            + " (default ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--rate",
            description =
                    "requests a second of the open loop (default: 60 %% of what the closed loop reached)")
    private @Nullable Double rate;

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8080",
            description = "the front door (default ${DEFAULT-VALUE})")
    private URI url;

    @Option(
            names = "--service-url",
            defaultValue = "http://127.0.0.1:8082",
            description = "orders-service itself (default ${DEFAULT-VALUE})")
    private URI serviceUrl;

    @Option(
            names = "--data",
            defaultValue = ".perpetua",
            description =
                    "the stack's data folder, to tell CPU by process (default ${DEFAULT-VALUE})")
    private Path data;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "of prices (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--no-ceilings", description = "leaves the ceilings out")
    private boolean noCeilings;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        double ceiling = 0;
        if (!noCeilings) {
            ceiling = Ceilings.measure(connections, seconds, out);
        }
        try (Api api = new Api(url);
                var ticker = Executors.newSingleThreadScheduledExecutor()) {
            MarketWatch watch = new MarketWatch(api);
            watch.refresh();
            var _ =
                    ticker.scheduleWithFixedDelay(
                            watch::refresh, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
            List<OrderFlow> flows = open(api, watch);
            run("front door", url, flows, ceiling, out);
            run("orders-service", serviceUrl, flows, ceiling, out);
            ticker.shutdownNow();
        }
        return 0;
    }

    private List<OrderFlow> open(Api api, MarketWatch watch) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Listing> listings = watch.listings();
        List<OrderFlow> flows = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Session session = Session.signIn(api, Wallet.create());
            session.deposit(FUNDS, "bench-" + session.user());
            flows.add(
                    new OrderFlow(
                            session,
                            watch,
                            listings.get(i % listings.size()),
                            random.split(),
                            batch));
        }
        return flows;
    }

    private void run(
            String name, URI target, List<OrderFlow> flows, double ceiling, PrintWriter out)
            throws Exception {
        Processes processes = new Processes(data);
        try (Load load = new Load(target, flows)) {
            List<Map<String, Long>> before = new ArrayList<>();
            Load.Seen closed =
                    load.closed(warmUpSeconds, seconds, () -> before.add(micros(processes)));
            Map<String, Long> after = micros(processes);
            print(name + ", closed loop", closed, ceiling, out);
            printCpu(before.getFirst(), after, closed.placements + closed.cancels, out);
            double perSecond =
                    rate != null
                            ? rate
                            : OPEN_LOOP_SHARE
                                    * (closed.placements + closed.cancels)
                                    / batch
                                    / closed.seconds;
            Load.Seen open = load.open(perSecond, 2, seconds, () -> {});
            print(
                    String.format(
                            Locale.ROOT,
                            "%s, open loop at %,.0f requests a second",
                            name,
                            perSecond),
                    open,
                    ceiling,
                    out);
        }
    }

    private static Map<String, Long> micros(Processes processes) {
        try {
            return processes.micros();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void print(String name, Load.Seen seen, double ceiling, PrintWriter out) {
        Histogram nanos = seen.nanos;
        out.printf(Locale.ROOT, "%s%n", name);
        out.printf(
                Locale.ROOT,
                "  %,.0f orders/s and %,.0f cancels/s",
                seen.placementsPerSecond(),
                seen.cancels / seen.seconds);
        if (ceiling > 0) {
            out.printf(
                    Locale.ROOT,
                    ", together %.1f %% of the one-hop ceiling",
                    100 * (seen.placements + seen.cancels) / seen.seconds / ceiling);
        }
        out.printf(
                Locale.ROOT,
                "%n  p50 %.2f ms, p90 %.2f, p99 %.2f, p99.9 %.2f, worst %.1f%n  %s%n",
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(90) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6,
                nanos.getMaxValue() / 1e6,
                seen.outcomes);
        out.flush();
    }

    private static void printCpu(
            Map<String, Long> before, Map<String, Long> after, long requests, PrintWriter out) {
        StringBuilder line = new StringBuilder("  microseconds of CPU a command:");
        long total = 0;
        for (Map.Entry<String, Long> entry : after.entrySet()) {
            long micros = entry.getValue() - before.getOrDefault(entry.getKey(), 0L);
            total += micros;
            line.append(
                    String.format(
                            Locale.ROOT,
                            " %s %.0f,",
                            entry.getKey(),
                            (double) micros / Math.max(1, requests)));
        }
        out.printf(Locale.ROOT, "%s together %.0f%n", line, (double) total / Math.max(1, requests));
        out.flush();
    }
}
