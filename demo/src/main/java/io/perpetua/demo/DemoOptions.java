package io.perpetua.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is asked to do.
 *
 * @param bars recorded bars that the BTC index is to follow, or null
 * @param minutes how long to trade
 * @param accounts how many takers
 * @param seed of all that is random but the wallets
 * @param url the exchange's front door
 */
public record DemoOptions(@Nullable Path bars, double minutes, int accounts, long seed, URI url) {
    private static final String HELP =
            """
            ./perpetua demo [--bars FILE] [--minutes N] [--accounts N] [--seed N] [--url URL]

            Trades on the running exchange through its public API: wallets sign in and deposit,
            makers quote around the index, takers trade. Ends with latencies and the verdict of
            the invariants; the exit code is 0 only if all of them hold.

              --bars FILE     the BTC index follows these one-minute bars, two a second (CSV:
                              timestamp, open, high, low, close, volume; .gz is fine)
              --minutes N     how long to trade (default 2)
              --accounts N    how many takers (default 20, at most 500)
              --seed N        repeats the traders' decisions (default: chosen and printed)
              --url URL       the front door (default http://127.0.0.1:8080)""";

    /** A wish that can't be met; its message is for the user. */
    public static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** From the command line. @throws UsageException with what to tell the user */
    public static DemoOptions parse(List<String> arguments) {
        Path bars = null;
        double minutes = 2;
        int accounts = 20;
        long seed = System.nanoTime() & 0xffffff;
        String url = "http://127.0.0.1:8080";
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "--bars" -> bars = readable(value(word, words));
                case "--minutes" -> minutes = number(word, words, 0.1, 1_440);
                case "--accounts" -> accounts = (int) number(word, words, 1, 500);
                case "--seed" -> seed = (long) number(word, words, 0, 1L << 53);
                case "--url" -> url = value(word, words);
                case "--help", "-h" -> throw new UsageException(HELP);
                default -> throw new UsageException("Unknown option: " + word + "\n\n" + HELP);
            }
        }
        return new DemoOptions(bars, minutes, accounts, seed, URI.create(url));
    }

    private static String value(String option, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new UsageException(option + " needs a value\n\n" + HELP);
        }
        return words.next();
    }

    private static Path readable(String file) {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            throw new UsageException("Can't read the bars: " + file);
        }
        return path;
    }

    private static double number(
            String option, Iterator<String> words, double least, double greatest) {
        String text = value(option, words);
        try {
            double number = Double.parseDouble(text);
            if (number >= least && number <= greatest) {
                return number;
            }
        } catch (NumberFormatException none) {
            throw new UsageException(option + " needs a number, not '" + text + "'");
        }
        throw new UsageException(option + " is from " + least + " to " + greatest);
    }
}
