package io.perpetua.accounts.app;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Does one piece of work after the other for as long as there is any, and then looks again. */
final class Turns implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Turns.class);

    private final String name;
    private final ScheduledExecutorService threads;

    /** On {@code count} threads of this name. */
    Turns(String name, int count) {
        this.name = name;
        this.threads =
                Executors.newScheduledThreadPool(
                        count, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /** Starts; {@code work} does one piece, if there is one, and says whether there was. */
    void start(int count, int everyMillis, BooleanSupplier work) {
        for (int i = 0; i < count; i++) {
            var _ =
                    threads.scheduleWithFixedDelay(
                            () -> untilDone(work), 0, everyMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** What failed stands in the database as it was before, and has its next turn. */
    private void untilDone(BooleanSupplier work) {
        try {
            while (!Thread.currentThread().isInterrupted() && work.getAsBoolean()) {
                Thread.onSpinWait();
            }
        } catch (RuntimeException failed) {
            LOG.warnf("%s: a turn failed and is repeated: %s", name, failed);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
