package io.perpetua.bench;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.Position;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How many accounts one core re-margins a second when marks move. */
@Command(
        name = "risk",
        description = "Accounts re-margined a second, on one thread.",
        mixinStandardHelpOptions = true)
final class RiskBench implements Callable<Integer> {
    private static final int MARKETS = 5;
    private static final long NOW_MILLIS = 1_800_000_000_000L;
    private static final long MARKS_STALE_AFTER_MILLIS = 10_000;
    private static final Price START = Price.parse("50000");

    @Spec private CommandSpec spec;

    @Option(
            names = "--accounts",
            defaultValue = "200000",
            description =
                    "accounts with positions in two of five markets (default ${DEFAULT-VALUE})")
    private int accounts;

    @Option(
            names = "--rounds",
            defaultValue = "40",
            description = "how often all marks move (default ${DEFAULT-VALUE})")
    private int rounds;

    private final Map<MarketId, MarkPrice> marks = new HashMap<>();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        SplittableRandom random = new SplittableRandom(1);
        RiskEngine engine = new RiskEngine(marks::get);
        for (int i = 1; i <= MARKETS; i++) {
            engine.restore(BenchMarket.of(new MarketId(i), MARKS_STALE_AFTER_MILLIS));
        }
        for (int i = 1; i <= accounts; i++) {
            engine.restore(account(i, random));
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] perSecond = new double[rounds];
        long looked = 0;
        for (int round = 0; round < rounds; round++) {
            move(round, random);
            long began = threads.getCurrentThreadCpuTime();
            int now = engine.remargin();
            long nanos = threads.getCurrentThreadCpuTime() - began;
            perSecond[round] = now / (nanos / 1e9);
            looked += now;
        }
        double[] warm = Arrays.copyOfRange(perSecond, rounds / 2, rounds);
        Arrays.sort(warm);
        out.printf(
                Locale.ROOT,
                "%,d accounts, %d markets, %,d looks, %,d below maintenance at the end%n"
                        + "re-margined a second of CPU: median %,.0f, from %,.0f to %,.0f%n",
                accounts,
                MARKETS,
                looked,
                engine.belowMaintenance(),
                warm[warm.length / 2],
                warm[0],
                warm[warm.length - 1]);
        out.flush();
        return 0;
    }

    private void move(int round, SplittableRandom random) {
        for (int i = 1; i <= MARKETS; i++) {
            long percent = random.nextLong(-10, 11);
            Price price = new Price(START.units() + START.units() / 100 * percent);
            MarketId id = new MarketId(i);
            marks.put(id, new MarkPrice(id, round + 1L, price, price, NOW_MILLIS));
        }
    }

    /** Long or short in two markets, at four to eight times its collateral. */
    private static Account account(int number, SplittableRandom random) {
        UserId user = new UserId(number);
        SubaccountId id = new SubaccountId(number);
        Account account = new Account(user, id, Usd.ofDollars(1_000), 1, 0);
        for (int i = 0; i < 2; i++) {
            MarketId market = new MarketId(1 + (number + i) % MARKETS);
            Quantity size = new Quantity(random.nextLong(4, 9) * 1_000_000L);
            Quantity signed = random.nextBoolean() ? size : new Quantity(-size.units());
            Usd cost = Amounts.notional(START, signed, RoundingMode.HALF_EVEN);
            account.holdingIn(market)
                    .restore(
                            new Position(
                                    user,
                                    id,
                                    market,
                                    new TradeId(number),
                                    signed,
                                    cost,
                                    START,
                                    signed.signum() > 0,
                                    size,
                                    Usd.ZERO,
                                    Usd.ZERO,
                                    NOW_MILLIS,
                                    null));
        }
        return account;
    }
}
