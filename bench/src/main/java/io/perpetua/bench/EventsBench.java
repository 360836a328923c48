package io.perpetua.bench;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What writing and reading the events of an order's path costs, on one thread. */
@Command(
        name = "events",
        description = "Events written as JSON and read again, on one thread.",
        mixinStandardHelpOptions = true)
final class EventsBench implements Callable<Integer> {
    private static final long NOW_MILLIS = 1_800_000_000_000L;
    private static final UserId USER = new UserId(7_311_402_883_072L);
    private static final SubaccountId SUBACCOUNT = new SubaccountId(7_311_402_883_073L);
    private static final MarketId MARKET = new MarketId(3);
    private static final int KINDS = 64;

    @Spec private CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "30",
            description = "of 100,000 events of each type (default ${DEFAULT-VALUE})")
    private int rounds;

    private long seen;

    private record Sample<T>(Class<T> family, List<T> events) {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Sample<?>> samples =
                List.of(
                        new Sample<>(OrderCommand.class, made(EventsBench::placement)),
                        new Sample<>(Admission.class, made(EventsBench::admission)),
                        new Sample<>(OrderEvent.class, made(EventsBench::opened)),
                        new Sample<>(OrderEvent.class, made(EventsBench::fill)),
                        new Sample<>(TradeExecuted.class, made(EventsBench::trade)));
        // All in turn, so that the compiler knows of all types before any is measured.
        samples.forEach(sample -> measure(sample, 2));
        for (Sample<?> sample : samples) {
            out.println(measure(sample, rounds));
            out.flush();
        }
        return seen == 0 ? 1 : 0;
    }

    private static <T> List<T> made(IntFunction<T> maker) {
        return IntStream.range(1, KINDS + 1).mapToObj(maker).toList();
    }

    private <T> String measure(Sample<T> sample, int count) {
        List<byte[]> written =
                sample.events().stream().map(e -> EventCodec.encode(sample.family(), e)).toList();
        double write =
                nanos(
                        count,
                        i ->
                                seen +=
                                        EventCodec.encode(
                                                        sample.family(),
                                                        sample.events().get(i % KINDS))
                                                .length);
        double read =
                nanos(
                        count,
                        i ->
                                seen +=
                                        EventCodec.decode(sample.family(), written.get(i % KINDS))
                                                .hashCode());
        return String.format(
                Locale.ROOT,
                "%-14s %4d bytes, written in %,5.0f ns of CPU, read in %,5.0f",
                sample.events().getFirst().getClass().getSimpleName(),
                written.getFirst().length,
                write,
                read);
    }

    /** The median of the rounds. */
    private static double nanos(int count, IntConsumer once) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int each = 100_000;
        double[] nanos = new double[count];
        for (int round = 0; round < count; round++) {
            long began = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < each; i++) {
                once.accept(i);
            }
            nanos[round] = (threads.getCurrentThreadCpuTime() - began) / (double) each;
        }
        Arrays.sort(nanos);
        return nanos[count / 2];
    }

    private static OrderId orderId(int i) {
        return new OrderId(230_584_300_921_369L + i);
    }

    private static Price price(int i) {
        return new Price(6_512_350_000_000L + i * 10_000_000L);
    }

    private static Quantity size(int i) {
        return new Quantity(1_250_000L + i * 10_000L);
    }

    private static PlaceOrder placement(int i) {
        return new PlaceOrder(
                orderId(i),
                USER,
                SUBACCOUNT,
                MARKET,
                "bench-" + i,
                Side.BUY,
                OrderType.LIMIT,
                TimeInForce.GTC,
                price(i),
                size(i),
                false,
                SelfTrade.CANCEL_MAKER,
                0,
                NOW_MILLIS + i,
                new Reply(1, 230_584_300_921_369L + i));
    }

    private static OrderAdmitted admission(int i) {
        return new OrderAdmitted(
                placement(i),
                price(i),
                false,
                Rate.parse("0.0005"),
                Rate.parse("0.0002"),
                USER.value(),
                40_000L + i);
    }

    private static OrderOpened opened(int i) {
        return new OrderOpened(
                orderId(i),
                USER,
                SUBACCOUNT,
                MARKET,
                "bench-" + i,
                Side.BUY,
                OrderType.LIMIT,
                TimeInForce.GTC,
                price(i),
                size(i),
                Quantity.ZERO,
                Usd.ZERO,
                false,
                1,
                NOW_MILLIS + i,
                new Reply(1, 230_584_300_921_369L + i));
    }

    private static OrderFilled fill(int i) {
        return new OrderFilled(
                new TradeId(230_584_300_921_369L + i),
                orderId(i),
                USER,
                SUBACCOUNT,
                MARKET,
                "bench-" + i,
                Side.BUY,
                Liquidity.TAKER,
                price(i),
                size(i),
                new Usd(814_043_750L + i),
                new Usd(407_021L + i),
                new Usd(-1_207_500L),
                size(3 * i),
                new Usd(2_442_131_250L),
                size(2 * i),
                NOW_MILLIS + i);
    }

    private static TradeExecuted trade(int i) {
        return new TradeExecuted(
                new TradeId(230_584_300_921_369L + i),
                MARKET,
                price(i),
                size(i),
                new Usd(814_043_750L + i),
                Side.BUY,
                new Quantity(123_456_780_000L),
                NOW_MILLIS + i);
    }
}
