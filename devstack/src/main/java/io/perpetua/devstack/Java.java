package io.perpetua.devstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run a program with the JDK this process runs on. */
final class Java {
    private Java() {}

    /**
     * @param what {@code -cp} or {@code -jar}, and all that follows
     */
    static List<String> command(List<String> options, List<String> what) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(options);
        command.addAll(what);
        return command;
    }
}
