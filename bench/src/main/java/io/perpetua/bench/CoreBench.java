package io.perpetua.bench;

import io.perpetua.orders.domain.book.OrderBook;
import io.perpetua.orders.domain.book.Placement;
import io.perpetua.orders.domain.book.PositionSizes;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The matching core alone, on one thread: commands a second of CPU time with every event emitted,
 * the time of single commands, and the heap of a resting order.
 */
@Command(
        name = "core",
        description = "The matching core alone, on one thread.",
        mixinStandardHelpOptions = true)
final class CoreBench implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description = "order commands in the format of matching-commands.bin.xz")
    private Path file;

    @Option(
            names = "--rounds",
            defaultValue = "30",
            description = "how often the commands are carried out (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--resting",
            defaultValue = "1000000",
            description = "orders that rest when memory is measured (default ${DEFAULT-VALUE})")
    private int resting;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        GeneratedCommands commands = GeneratedCommands.read(file);
        throughput(commands, out);
        latency(commands, out);
        memory(out);
        out.flush();
        return 0;
    }

    private void throughput(GeneratedCommands commands, PrintWriter out) {
        double[] rates = new double[rounds];
        EventRing ring = new EventRing();
        for (int round = 0; round < rounds; round++) {
            ring = new EventRing();
            OrderBook book = new OrderBook(PositionSizes.NONE, ring);
            Placement order = new Placement();
            run(commands, book, order, 0, commands.fills());
            long before = threads.getCurrentThreadCpuTime();
            run(commands, book, order, commands.fills(), commands.count());
            long nanos = threads.getCurrentThreadCpuTime() - before;
            rates[round] = (commands.count() - commands.fills()) * NANOS_PER_SECOND / nanos;
            if (round == 0) {
                out.printf(
                        Locale.ROOT,
                        "end state: %d trades, volume %d, %d orders resting%n",
                        ring.trades(),
                        ring.volume(),
                        book.size());
            }
        }
        double[] warm = Arrays.copyOfRange(rates, rounds / 2, rounds);
        Arrays.sort(warm);
        out.printf(
                Locale.ROOT,
                "commands per second of CPU: %.2f M median of the last %d rounds (%.2f to %.2f M);"
                        + " %.2f events a command%n",
                warm[warm.length / 2] / 1e6,
                warm.length,
                warm[0] / 1e6,
                warm[warm.length - 1] / 1e6,
                ring.events() / (double) commands.count());
    }

    private static void run(
            GeneratedCommands commands, OrderBook book, Placement order, int from, int to) {
        for (int i = from; i < to; i++) {
            commands.apply(i, book, order);
        }
    }

    private static void latency(GeneratedCommands commands, PrintWriter out) {
        Histogram nanos = new Histogram(3);
        OrderBook book = new OrderBook(PositionSizes.NONE, new EventRing());
        Placement order = new Placement();
        run(commands, book, order, 0, commands.fills());
        for (int i = commands.fills(); i < commands.count(); i++) {
            long before = System.nanoTime();
            commands.apply(i, book, order);
            nanos.recordValue(System.nanoTime() - before);
        }
        out.printf(
                Locale.ROOT,
                "time of one command, clock included: p50 %d ns, p99 %d ns, p99.9 %d ns%n",
                nanos.getValueAtPercentile(50),
                nanos.getValueAtPercentile(99),
                nanos.getValueAtPercentile(99.9));
    }

    private void memory(PrintWriter out) throws InterruptedException {
        long before = usedHeap();
        OrderBook book = new OrderBook(PositionSizes.NONE, new EventRing());
        Placement order = new Placement();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < resting; i++) {
            boolean buy = random.nextBoolean();
            int distance = 1 + random.nextInt(50_000);
            if (buy) {
                order.buy(i + 1L, 1_000_000L - distance, 1 + random.nextInt(100));
            } else {
                order.sell(i + 1L, 1_000_000L + distance, 1 + random.nextInt(100));
            }
            book.place(order.of(1 + random.nextInt(10_000), 0));
        }
        long used = usedHeap() - before;
        out.printf(
                Locale.ROOT,
                "heap with %d orders resting: %.1f MB, %.1f bytes an order%n",
                book.size(),
                used / 1e6,
                used / (double) book.size());
    }

    private static long usedHeap() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(50);
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
