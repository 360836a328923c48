package io.perpetua.systemtests.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A seed, and how long its traffic lasts. */
record CrashCase(long seed, int seconds) {
    private static final String LIST = "/crash-cases.txt";
    private static final int USUAL_SECONDS = 60;

    /**
     * What to run. By default only the first case of the committed list; with {@code
     * perpetua.crash.seeds=N} the whole list, then N seeds from {@code perpetua.crash.seed} on, or
     * from a random one; {@code perpetua.crash.seconds} lengthens them. A seed without a number of
     * seeds runs alone.
     */
    static List<CrashCase> chosen() {
        List<CrashCase> committed = committed();
        Integer seeds = Integer.getInteger("perpetua.crash.seeds");
        Long from = Long.getLong("perpetua.crash.seed");
        int seconds = Integer.getInteger("perpetua.crash.seconds", USUAL_SECONDS);
        if (seeds == null && from == null) {
            return List.of(committed.getFirst());
        }
        List<CrashCase> chosen = new ArrayList<>(seeds == null ? List.of() : committed);
        long first = from == null ? System.nanoTime() & 0xffffff : from;
        for (int i = 0; i < (seeds == null ? 1 : seeds); i++) {
            chosen.add(new CrashCase(first + i, seconds));
        }
        return chosen;
    }

    private static List<CrashCase> committed() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        CrashCase.class.getResourceAsStream(LIST), LIST),
                                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .map(CrashCase::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CrashCase parse(String line) {
        String[] words = line.split(" +", 2);
        return new CrashCase(Long.parseLong(words[0]), Integer.parseInt(words[1].strip()));
    }
}
