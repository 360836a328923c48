package io.perpetua.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Price;
import io.perpetua.demo.check.Verdict;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Tally;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The program behind {@code ./perpetua demo}. Exit code 0: traded, and every invariant holds; 1:
 * one is broken, or nothing could be traded; 2: misused.
 */
public final class Demo {
    private static final String BARS_MARKET = "BTC-PERP";
    private static final Duration SETTLING = Duration.ofSeconds(90);

    private final DemoOptions options;
    private final PrintStream out;
    private final boolean live;

    private Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.live = isTerminal();
    }

    @SuppressWarnings("SystemConsoleNull") // null again since JDK 25 when the output is redirected
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Runs the demo. */
    public static void main(String[] arguments) {
        int code;
        try {
            code = new Demo(DemoOptions.parse(List.of(arguments)), System.out).run();
        } catch (DemoOptions.UsageException misused) {
            System.out.println(misused.getMessage());
            code = 2;
        } catch (IllegalStateException | IOException failed) {
            System.out.println("The demo can't go on: " + failed.getMessage());
            code = 1;
        }
        System.exit(code);
    }

    private int run() throws IOException {
        try (Api api = new Api(options.url())) {
            Answer reached = api.send("GET", "/v1/markets", null, (Object) null);
            if (!reached.isOk()) {
                out.printf(
                        "Nothing answers at %s (%s). Is it up? ./perpetua up%n",
                        options.url(), reached.code());
                return 1;
            }
            if (!playsBars(api)) {
                return 1;
            }
            return trade(api);
        }
    }

    private boolean playsBars(Api api) throws IOException {
        if (options.bars() == null) {
            return true;
        }
        RecordedBars bars = RecordedBars.read(options.bars(), options.minutes());
        if (bars.size() == 0) {
            out.printf("There are no bars in %s.%n", options.bars());
            return false;
        }
        Answer answer = bars.play(api, BARS_MARKET);
        if (!answer.isOk()) {
            out.printf(
                    "The exchange does not take the bars: %s %s%n",
                    answer.code(), answer.body().path("detail").asText());
            return false;
        }
        out.printf(
                "The index of %s follows %s, %d a second.%n",
                BARS_MARKET, bars, RecordedBars.PER_SECOND);
        return true;
    }

    private int trade(Api api) {
        long seed = options.seed();
        out.printf("Seed %d. Wallets sign in and deposit ..%n", seed);
        try (Story story = new Story(api, seed, options.accounts())) {
            long before = trades(api);
            story.begin();
            Price first = story.watch().newest(BARS_MARKET);
            out.printf(
                    "%d accounts trade for %s minutes.%n",
                    story.accounts().size(), number(options.minutes()));
            watch(api, story, before);
            story.end();
            report(api, story, before, first);
            Verdict verdict = story.invariants().await(SETTLING);
            out.println();
            out.print(verdict);
            boolean traded = trades(api) > before;
            if (!traded) {
                out.println("  BROKEN  nothing was traded");
            }
            out.println(
                    verdict.holds() && traded ? "All invariants hold." : "The books are wrong.");
            return verdict.holds() && traded ? 0 : 1;
        }
    }

    private void watch(Api api, Story story, long before) {
        long began = System.nanoTime();
        long seconds = Math.round(options.minutes() * 60);
        long lastOrders = 0;
        for (long second = 1; second <= seconds; second++) {
            sleepUntil(began + second * 1_000_000_000L);
            if (live || second % 5 == 0 || second == seconds) {
                long orders = story.tally().orders();
                long perSecond = (orders - lastOrders) / (live ? 1 : 5);
                lastOrders = orders;
                out.print(live ? "\r" : "");
                out.print(line(api, story, second, perSecond, before));
                out.print(live ? "\u001b[K" : System.lineSeparator());
                out.flush();
            }
        }
        if (live) {
            out.println();
        }
    }

    private static String line(Api api, Story story, long second, long perSecond, long before) {
        Tally tally = story.tally();
        Price btc = story.watch().newest(BARS_MARKET);
        return String.format(
                Locale.ROOT,
                "%4d s  orders %,7d (%,d/s)  refused %,d  cancels %,d  amends %,d  trades %,d"
                        + "  p50 %.1f ms  p99 %.1f ms  BTC %s%s",
                second,
                tally.orders(),
                perSecond,
                tally.refusals(),
                tally.cancels(),
                tally.amends(),
                Math.max(0, trades(api) - before),
                tally.orderMillis(50),
                tally.orderMillis(99),
                btc == null ? "-" : btc,
                tally.retries() == 0 ? "" : "  repeated " + tally.retries());
    }

    private void report(Api api, Story story, long before, @Nullable Price first) {
        Tally tally = story.tally();
        out.println();
        out.printf(
                Locale.ROOT,
                "Orders          %,d taken, %,d refused, %,d cancelled, %,d amended, %,d sent again%n",
                tally.acceptedOrders(),
                tally.refusals(),
                tally.cancels(),
                tally.amends(),
                tally.retries());
        for (Map.Entry<String, Long> refusal : tally.refusalsByCode().entrySet()) {
            out.printf(
                    Locale.ROOT, "  refused       %,d %s%n", refusal.getValue(), refusal.getKey());
        }
        out.printf(Locale.ROOT, "Trades          %,d%n", trades(api) - before);
        for (JsonNode market : interest(api)) {
            out.printf(
                    "Open interest   %-11s %s (%s trades, %s USD turned over)%n",
                    market.path("market").asText(),
                    market.path("longs").asText(),
                    market.path("trades").asText(),
                    new BigDecimal(market.path("turnover").asText("0")).toBigInteger());
        }
        out.printf(
                Locale.ROOT,
                "Latency         orders p50 %.1f ms, p99 %.1f ms; cancels and amendments p50 %.1f ms,"
                        + " p99 %.1f ms%n",
                tally.orderMillis(50),
                tally.orderMillis(99),
                tally.otherMillis(50),
                tally.otherMillis(99));
        out.printf(
                "Index           %s from %s to %s%n",
                BARS_MARKET, first == null ? "-" : first, story.watch().newest(BARS_MARKET));
        List<String> failures = story.failures();
        failures.stream().limit(5).forEach(failure -> out.println("Went wrong      " + failure));
        if (failures.size() > 5) {
            out.printf("                and %d more%n", failures.size() - 5);
        }
    }

    private static List<JsonNode> interest(Api api) {
        return List.copyOf(
                api.persist("GET", "/v1/open-interest", null, null)
                        .body()
                        .path("items")
                        .valueStream()
                        .toList());
    }

    private static long trades(Api api) {
        Answer answer = api.send("GET", "/v1/open-interest", null, (Object) null);
        return answer.body()
                .path("items")
                .valueStream()
                .mapToLong(market -> market.path("trades").asLong())
                .sum();
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static void sleepUntil(long nanoTime) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
