package io.perpetua.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The CPU time that the processes of a stack have used, by part, and this one's. */
final class Processes {
    private final Path data;

    /** Of the stack that runs on a data folder. */
    Processes(Path data) {
        this.data = data;
    }

    /** Microseconds by part; empty if there is no stack on the folder. */
    Map<String, Long> micros() throws IOException {
        Map<String, Long> micros = new TreeMap<>();
        Path runs = data.resolve("run");
        if (Files.isDirectory(runs)) {
            try (Stream<Path> files = Files.list(runs)) {
                for (Path file : files.filter(Processes::isPart).toList()) {
                    Properties run = new Properties();
                    try (var reader = Files.newBufferedReader(file)) {
                        run.load(reader);
                    }
                    long pid = Long.parseLong(run.getProperty("pid", "0"));
                    ProcessHandle.of(pid)
                            .ifPresent(
                                    process ->
                                            micros.put(
                                                    String.valueOf(file.getFileName())
                                                            .replace(".properties", ""),
                                                    ofTree(process)));
                }
            }
        }
        micros.put("bench", ofTree(ProcessHandle.current()));
        return micros;
    }

    /** The supervisor is the parent of all others, which count for themselves. */
    private static boolean isPart(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".properties") && !name.startsWith("supervisor");
    }

    private static long ofTree(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToLong(
                        one ->
                                one.info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
                                        / 1_000)
                .sum();
    }
}
