package io.perpetua.devstack;

import java.util.List;
import java.util.Map;

/** One process of the stack. */
interface Part {
    /** The highest rank there is. */
    int LAST_RANK = 2;

    /** Its name on the command line, in log files and in progress lines. */
    String name();

    /** The loopback port that answers when the part is ready. */
    int port();

    /** Other ports it binds. */
    default List<Integer> otherPorts() {
        return List.of();
    }

    /** Mends or makes what the process needs on disk; called before each start. */
    default void prepare() {}

    List<String> command();

    default Map<String, String> environment() {
        return Map.of();
    }

    /** A quick look, repeated until it answers true. */
    boolean isReady();

    /** The last step of a start, once the process is ready: idempotent. */
    default void finish() {}

    /** Parts stop in falling order of rank: those that others need have the lowest. */
    default int rank() {
        return 0;
    }

    /** The signal that stops it cleanly, without SIG. */
    default String stopSignal() {
        return "TERM";
    }
}
