package io.perpetua.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part and its process: what the supervisor knows of it. Used by the supervisor's thread only.
 */
final class RunningPart {
    private static final long RESTART_DELAY_MILLIS = 1_000;
    private static final long STEADY_MILLIS = 5_000;
    private static final long START_LIMIT_MILLIS = 240_000;
    private static final long STOP_LIMIT_SECONDS = 20;

    private final Part part;
    private final StateFolder state;
    private final Consumer<String> progress;
    private final Path restartRequest;

    private Phase phase = Phase.DOWN;
    private @Nullable Process process;
    private long phaseSinceMillis;
    private int failures;
    private boolean recordsAotCache;

    RunningPart(Part part, StateFolder state, Consumer<String> progress, boolean makesAotCache) {
        this.part = part;
        this.state = state;
        this.progress = progress;
        this.recordsAotCache =
                makesAotCache && part.aotCache().filter(cache -> !cache.isFresh()).isPresent();
        this.restartRequest = state.run().resolve(part.name() + ".restart");
    }

    private enum Phase {
        STARTING,
        RECORDING,
        UP,
        DOWN,
        GIVEN_UP
    }

    String name() {
        return part.name();
    }

    int rank() {
        return part.rank();
    }

    boolean isReady() {
        return phase == Phase.UP;
    }

    boolean hasGivenUp() {
        return phase == Phase.GIVEN_UP;
    }

    void start() {
        part.prepare();
        try {
            process =
                    ChildProcess.start(
                            part.command(recordsAotCache),
                            part.environment(),
                            state.log(part.name()),
                            part.stopSignal());
        } catch (IOException e) {
            throw new StackException("Can't start " + part.name() + ": " + e);
        }
        enter(Phase.STARTING);
    }

    /**
     * Looks after the part once: never blocks for long.
     *
     * <p>A start that records a cache is followed by an orderly end, in which the JVM writes it,
     * and by the real start.
     */
    void tend() {
        long inPhaseMillis = nowMillis() - phaseSinceMillis;
        if (isRestartAsked()) {
            askToStop();
            awaitEnd();
            failures = 0;
            startAgain();
            return;
        }
        switch (phase) {
            case STARTING -> {
                if (!isAlive()) {
                    fail("ended while it started");
                } else if (part.isReady()) {
                    finish();
                } else if (inPhaseMillis > START_LIMIT_MILLIS) {
                    askToStop();
                    awaitEnd();
                    fail("was not ready in time");
                }
            }
            case RECORDING -> {
                if (!isAlive()) {
                    recordsAotCache = false;
                    part.aotCache().ifPresent(AotCache::keepRecorded);
                    startAgain();
                }
            }
            case UP -> {
                if (!isAlive()) {
                    if (inPhaseMillis > STEADY_MILLIS) {
                        failures = 0;
                    }
                    fail("died");
                }
            }
            case DOWN -> {
                if (inPhaseMillis > RESTART_DELAY_MILLIS) {
                    startAgain();
                }
            }
            case GIVEN_UP -> {
                // Stays down until a restart is asked for.
            }
        }
    }

    /** A start by the supervisor's own will: what stands in its way counts as a failure. */
    private void startAgain() {
        try {
            start();
        } catch (StackException e) {
            progress.accept("%-12s %s".formatted(part.name(), e.getMessage()));
            fail("could not be started");
        }
    }

    private void finish() {
        try {
            part.finish();
        } catch (StackException e) {
            progress.accept("%-12s %s".formatted(part.name(), e.getMessage()));
            askToStop();
            awaitEnd();
            fail("could not be made ready");
            return;
        }
        if (recordsAotCache) {
            progress.accept(
                    "%-12s works; stopping it once, so that its next starts are faster"
                            .formatted(part.name()));
            askToStop();
            enter(Phase.RECORDING);
            return;
        }
        long tookMillis = nowMillis() - phaseSinceMillis;
        enter(Phase.UP);
        progress.accept(
                "%-12s ready on 127.0.0.1:%d (%.1f s)"
                        .formatted(part.name(), part.port(), tookMillis / 1000.0));
    }

    private boolean isRestartAsked() {
        try {
            return Files.deleteIfExists(restartRequest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fail(String how) {
        failures++;
        String exit = process == null ? "" : " (exit code " + process.exitValue() + ")";
        if (failures > Supervisor.RESTARTS_IN_A_ROW) {
            enter(Phase.GIVEN_UP);
            progress.accept(
                    "%-12s %s%s and stays down; see %s"
                            .formatted(part.name(), how, exit, state.log(part.name())));
        } else {
            enter(Phase.DOWN);
            progress.accept("%-12s %s%s: starting it again".formatted(part.name(), how, exit));
        }
    }

    void askToStop() {
        if (process != null && process.isAlive()) {
            ChildProcess.signal(process.pid(), part.stopSignal());
        }
    }

    void awaitEnd() {
        if (process == null) {
            return;
        }
        try {
            if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                progress.accept("%-12s does not stop: killing it".formatted(part.name()));
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        enter(Phase.DOWN);
    }

    private boolean isAlive() {
        return process != null && process.isAlive();
    }

    private void enter(Phase next) {
        phase = next;
        phaseSinceMillis = nowMillis();
        if (process != null) {
            String word = next.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            new RunFile(part.name(), process.toHandle(), part.port(), word).write(state);
        }
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }
}
