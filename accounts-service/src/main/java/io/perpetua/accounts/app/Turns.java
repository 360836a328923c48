package io.perpetua.accounts.app;

import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import java.util.Map;
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

    /**
     * Starts; {@code work} does one piece, if there is one, and says whether there was; {@code
     * events} hears of every turn that fails.
     */
    void start(SystemEvents events, int count, int everyMillis, BooleanSupplier work) {
        for (int i = 0; i < count; i++) {
            var _ =
                    threads.scheduleWithFixedDelay(
                            () -> untilDone(events, work), 0, everyMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** What failed stands in the database as it was before, and has its next turn. */
    private void untilDone(SystemEvents events, BooleanSupplier work) {
        try {
            while (!Thread.currentThread().isInterrupted() && work.getAsBoolean()) {
                Thread.onSpinWait();
            }
        } catch (RuntimeException failed) {
            LOG.warnf("%s: a turn failed and is repeated: %s", name, failed);
            events.record(
                    SystemEventType.JOB_FAILED,
                    Map.of("job", name, "failure", failed.getClass().getSimpleName()));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
