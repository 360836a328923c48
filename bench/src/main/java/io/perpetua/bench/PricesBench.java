package io.perpetua.bench;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.marketdata.app.MarketDataConfig.SourceKind;
import io.perpetua.marketdata.app.MarketDataConfig.SourceRole;
import io.perpetua.marketdata.domain.oracle.NewestSample;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import io.perpetua.marketdata.domain.oracle.OracleSource;
import io.perpetua.marketdata.domain.pricing.MarketPricing;
import io.perpetua.marketdata.domain.pricing.MarketSources;
import io.perpetua.marketdata.domain.pricing.PriceUpdate;
import io.perpetua.marketdata.messaging.source.Reading;
import io.perpetua.marketdata.messaging.source.Readings;
import io.perpetua.marketdata.messaging.source.SourceFormat;
import io.perpetua.marketdata.messaging.source.SourceJson;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Price updates on one thread, each from the text that a source sent to the encoded index and mark
 * of its market: read, taken as the newest, the weighted median, guard, averages, mark, funding,
 * and both records. Neither the commit that precedes a publication nor the log is in it.
 */
@Command(
        name = "prices",
        description = "Price updates, from a source's message to the mark, on one thread.",
        mixinStandardHelpOptions = true)
final class PricesBench implements Callable<Integer> {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long STALE_AFTER_MILLIS = 10_000;
    private static final int BATCH = 20_000;
    private static final SourceKind[] KINDS = SourceKind.values();

    @Spec private CommandSpec spec;

    @Option(
            names = "--markets",
            defaultValue = "50",
            description = "each with four sources and a book (default ${DEFAULT-VALUE})")
    private int markets;

    @Option(
            names = "--rate",
            defaultValue = "10000",
            description = "updates a second of all markets together (default ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "how long they come at that rate (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--rounds",
            defaultValue = "20",
            description = "of 20,000 updates without a pause (default ${DEFAULT-VALUE})")
    private int rounds;

    private final SplittableRandom random = new SplittableRandom(1);
    private long bytes;
    private long faults;

    /** A market with the four formats that its sources speak. */
    private static final class Venue implements Readings {
        private final Market market;
        private final MarketPricing pricing;
        private final NewestSample[] newest = new NewestSample[KINDS.length];
        private final SourceFormat[] formats = new SourceFormat[KINDS.length];
        private int kind;
        private long receivedAtMillis;

        Venue(int number) {
            market = BenchMarket.of(new MarketId(number), STALE_AFTER_MILLIS);
            OracleSource[] sources = new OracleSource[KINDS.length];
            for (int i = 0; i < KINDS.length; i++) {
                newest[i] = new NewestSample();
                formats[i] = SourceFormat.of(KINDS[i], SourceRole.INDEX);
                sources[i] =
                        new OracleSource(KINDS[i].name(), i + 1, STALE_AFTER_MILLIS, newest[i]);
            }
            pricing =
                    MarketPricing.first(
                            market, new MarketSources(null, List.of(sources), 2, List.of()));
        }

        @Override
        public void read(Reading reading) {
            newest[kind].offer(
                    new OracleSample(
                            reading.priceUnits(),
                            reading.confidenceUnits(),
                            KINDS[kind].name(),
                            reading.publishedAtMillis(),
                            reading.slot()),
                    receivedAtMillis);
        }

        @Override
        public void unreadable(String why) {
            throw new IllegalStateException(why);
        }
    }

    /** A message and whom it is for. */
    private record Sent(Venue venue, int kind, String message) {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Venue[] venues = new Venue[markets];
        for (int i = 0; i < markets; i++) {
            venues[i] = new Venue(i + 1);
        }
        closed(venues, out);
        open(venues, out);
        out.flush();
        return bytes == 0 ? 1 : 0;
    }

    private void closed(Venue[] venues, PrintWriter out) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] perSecond = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            Sent[] sent = batch(venues, BATCH);
            long began = threads.getCurrentThreadCpuTime();
            for (Sent each : sent) {
                handle(each, System.currentTimeMillis());
            }
            perSecond[round] =
                    BATCH * (double) NANOS_PER_SECOND / (threads.getCurrentThreadCpuTime() - began);
        }
        double[] warm = Arrays.copyOfRange(perSecond, rounds / 2, rounds);
        Arrays.sort(warm);
        out.printf(
                Locale.ROOT,
                "updates a second of CPU: %,.0f median of the last %d rounds (%,.0f to %,.0f)%n",
                warm[warm.length / 2],
                warm.length,
                warm[0],
                warm[warm.length - 1]);
    }

    /** Each update is timed from when it was due, so that a pause counts for all behind it. */
    private void open(Venue[] venues, PrintWriter out) {
        Histogram nanos = new Histogram(3);
        faults = 0;
        long everyNanos = NANOS_PER_SECOND / rate;
        long due = System.nanoTime() + everyNanos;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = 0;
        long count = 0;
        for (int second = 0; second < seconds; second++) {
            Sent[] sent = batch(venues, rate);
            due = Math.max(due, System.nanoTime());
            long began = threads.getCurrentThreadCpuTime();
            for (Sent each : sent) {
                long early = due - System.nanoTime();
                if (early > 0) {
                    LockSupport.parkNanos(early);
                }
                handle(each, System.currentTimeMillis());
                nanos.recordValue(Math.max(0, System.nanoTime() - due));
                due += everyNanos;
                count++;
            }
            cpu += threads.getCurrentThreadCpuTime() - began;
        }
        out.printf(
                Locale.ROOT,
                "%,d updates at %,d a second over %d markets, %,d not valid: from due to encoded"
                        + " p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, longest %.3f ms;"
                        + " %.1f us of CPU each%n",
                count,
                rate,
                markets,
                faults,
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6,
                nanos.getMaxValue() / 1e6,
                cpu / 1e3 / count);
    }

    private void handle(Sent sent, long nowMillis) {
        Venue venue = sent.venue();
        venue.kind = sent.kind();
        venue.receivedAtMillis = nowMillis;
        venue.formats[sent.kind()].read(SourceJson.read(sent.message()), nowMillis, venue);
        PriceUpdate update = venue.pricing.update(top(venue, nowMillis), nowMillis);
        if (update instanceof PriceUpdate.Priced priced) {
            bytes += EventCodec.encode(OraclePrice.class, priced.oracle()).length;
            bytes += EventCodec.encode(MarkPrice.class, priced.mark()).length;
            faults += priced.oracle().fault() == null ? 0 : 1;
        }
    }

    private static BookTop top(Venue venue, long nowMillis) {
        Price bid = new Price(dollars(venue) * 100_000_000L - 10_000_000L);
        Price ask = new Price(dollars(venue) * 100_000_000L + 10_000_000L);
        Quantity size = new Quantity(100_000_000L);
        return new BookTop(
                venue.market.id(), 1, bid, size, ask, size, bid, nowMillis, bid, ask, nowMillis);
    }

    private static long dollars(Venue venue) {
        return 100L * venue.market.id().value();
    }

    private Sent[] batch(Venue[] venues, int size) {
        Sent[] batch = new Sent[size];
        for (int i = 0; i < size; i++) {
            Venue venue = venues[random.nextInt(venues.length)];
            int kind = random.nextInt(KINDS.length);
            batch[i] = new Sent(venue, kind, message(KINDS[kind], venue));
        }
        return batch;
    }

    private String message(SourceKind kind, Venue venue) {
        long dollars = dollars(venue);
        return VenueMessages.quote(
                kind,
                VenueMessages.product(kind, venue.market.id().value()),
                dollars - 1 + "." + random.nextInt(10, 99),
                dollars + "." + random.nextInt(10, 99),
                System.currentTimeMillis());
    }
}
