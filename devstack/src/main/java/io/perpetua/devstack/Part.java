package io.perpetua.devstack;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /**
     * How to start it.
     *
     * @param recordsAotCache makes a cache of this run; false uses one if there is a fresh one
     */
    List<String> command(boolean recordsAotCache);

    default Map<String, String> environment() {
        return Map.of();
    }

    /** A quick look, repeated until it answers true. */
    boolean isReady();

    /** For a part that is a JVM and starts faster with one. */
    default Optional<AotCache> aotCache() {
        return Optional.empty();
    }

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
