package io.perpetua.eventlog;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that takes its turns until it is closed; a turn that throws does not end it. */
final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long CLOSE_SECONDS = 10;
    private static final long PAUSE_AFTER_ERROR_MILLIS = 200;

    private final Thread thread;
    private final Turns turns;
    private volatile boolean closing;

    /** What a worker does. */
    interface Turns {
        /** One round; how long to rest afterwards, in nanoseconds, unless woken. */
        long turn() throws Exception;

        /** After a round that threw. */
        void failed(Throwable thrown);

        /** The last act, on the worker's thread. */
        void end();
    }

    Worker(String name, Turns turns) {
        this.turns = turns;
        this.thread = Thread.ofPlatform().name("eventlog-" + name).daemon().unstarted(this::run);
    }

    Worker start() {
        thread.start();
        return this;
    }

    private void run() {
        while (!closing) {
            try {
                long rest = turns.turn();
                if (rest > 0 && !closing) {
                    LockSupport.parkNanos(this, rest);
                }
            } catch (Throwable thrown) {
                if (!closing) {
                    survive(thrown);
                }
            }
        }
        try {
            turns.end();
        } catch (RuntimeException thrown) {
            LOG.warn("{} did not end well; leases run out by themselves", name(), thrown);
        }
    }

    private void survive(Throwable thrown) {
        LOG.error("{} threw", name(), thrown);
        try {
            turns.failed(thrown);
        } catch (RuntimeException again) {
            LOG.error("{} threw again", name(), again);
        }
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(PAUSE_AFTER_ERROR_MILLIS));
    }

    private String name() {
        return thread.getName();
    }

    boolean isClosing() {
        return closing;
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        closing = true;
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        wake();
        try {
            if (!thread.join(java.time.Duration.ofSeconds(CLOSE_SECONDS))) {
                LOG.warn("{} does not end", name());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
