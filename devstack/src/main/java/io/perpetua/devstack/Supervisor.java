package io.perpetua.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts parts in order, starts again those that die, and stops all in reverse order.
 *
 * <p>One thread does everything, and it lives as long as the parts may: their lives hang on it. A
 * part that dies is started again after a second, {@value #RESTARTS_IN_A_ROW} times in a row; then
 * it stays down until a person asks for it. A part that was ready for five seconds starts counting
 * anew: it can run.
 */
final class Supervisor {
    static final int RESTARTS_IN_A_ROW = 5;

    private static final long POLL_MILLIS = 50;
    private static final String SUPERVISOR = "supervisor";

    private final StateFolder state;
    private final Consumer<String> progress;
    private final boolean makesAotCaches;
    private final List<RunningPart> parts = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean stopAsked;

    /**
     * @param makesAotCaches whether parts that have no fresh cache are started once to make it
     */
    Supervisor(StateFolder state, Consumer<String> progress, boolean makesAotCaches) {
        this.makesAotCaches = makesAotCaches;
        this.state = state;
        this.progress = progress;
    }

    /** Makes sure that this is the only supervisor of its folder, until the process ends. */
    @SuppressWarnings("MustBeClosedChecker")
    void own() {
        Path lockFile = state.run().resolve("lock");
        try {
            // Held until the process ends, by whatever end: so it is never closed here.
            FileChannel channel =
                    FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
        } catch (OverlappingFileLockException e) {
            String pid =
                    RunFile.read(state, SUPERVISOR).map(f -> " (pid " + f.pid() + ")").orElse("");
            throw new StackException(
                    "A stack already runs on "
                            + state.root()
                            + pid
                            + ". Stop it with: ./perpetua down");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new RunFile(SUPERVISOR, ProcessHandle.current(), 0, "up").write(state);
    }

    /** Ends what an earlier stack on this folder left behind, then checks that ports are free. */
    void clear(List<Part> planned, PostgresPart postgres) {
        List<RunFile> orphans = new ArrayList<>();
        for (String name : RunFile.names(state)) {
            if (!name.equals(SUPERVISOR)) {
                RunFile.read(state, name).filter(RunFile::isAlive).ifPresent(orphans::add);
            }
        }
        postgres.running()
                .map(process -> new RunFile(postgres.name(), process, postgres.port(), "up"))
                .filter(found -> orphans.stream().noneMatch(other -> other.pid() == found.pid()))
                .ifPresent(orphans::add);
        for (RunFile orphan : orphans) {
            progress.accept(
                    "%-12s was left running by an earlier stack (pid %d): stopping it"
                            .formatted(orphan.name(), orphan.pid()));
            String signal = orphan.name().equals(postgres.name()) ? postgres.stopSignal() : "TERM";
            ChildProcess.signal(orphan.pid(), signal);
        }
        for (RunFile orphan : orphans) {
            orphan.awaitEnd();
        }
        // A stack with fewer replicas than the last one must not show the others.
        RunFile.names(state).stream()
                .filter(name -> !name.equals(SUPERVISOR))
                .forEach(name -> RunFile.delete(state, name));
        for (Part part : planned) {
            requireFree(part, part.port());
            part.otherPorts().forEach(port -> requireFree(part, port));
        }
    }

    private static void requireFree(Part part, int port) {
        if (!Ports.isFree(port)) {
            throw new StackException(
                    "Port %d, which %s needs, is taken by %s. Stop that process, or start this stack elsewhere with --port-shift N."
                            .formatted(port, part.name(), PortHolder.describe(port)));
        }
    }

    /** Starts these parts at once and returns when all are ready. */
    void start(List<Part> group) throws InterruptedException {
        List<RunningPart> started = new ArrayList<>();
        for (Part part : group) {
            RunningPart running = new RunningPart(part, state, progress, makesAotCaches);
            parts.add(running);
            started.add(running);
            running.start();
        }
        while (!stopAsked && !started.stream().allMatch(RunningPart::isReady)) {
            for (RunningPart part : started) {
                part.tend();
                if (part.hasGivenUp()) {
                    throw new StackException(
                            "%s does not start. The end of %s:%n%s"
                                    .formatted(
                                            part.name(),
                                            state.log(part.name()),
                                            LogTail.of(state.log(part.name()))));
                }
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Keeps the parts running until {@link #stop} is called from another thread. */
    void tend() throws InterruptedException {
        while (!stopAsked) {
            for (RunningPart part : parts) {
                part.tend();
            }
            Thread.sleep(POLL_MILLIS);
        }
        stopAll();
        stopped.countDown();
    }

    /** Asks for the end and waits for it. */
    void stop() {
        stopAsked = true;
        try {
            if (!stopped.await(60, TimeUnit.SECONDS)) {
                progress.accept("Some parts did not stop in time.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For a start that failed: no other thread tends the parts. */
    void abandon() {
        stopAsked = true;
        stopAll();
        stopped.countDown();
    }

    boolean isStopAsked() {
        return stopAsked;
    }

    private void stopAll() {
        for (int rank = Part.LAST_RANK; rank >= 0; rank--) {
            int current = rank;
            List<RunningPart> group =
                    parts.stream().filter(part -> part.rank() == current).toList();
            group.forEach(RunningPart::askToStop);
            group.forEach(RunningPart::awaitEnd);
        }
        RunFile.delete(state, SUPERVISOR);
    }
}
