package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets once a minute what was kept long enough, by the time that its id carries, in transactions
 * that are short. Any number of instances may forget at the same time, if their statement skips
 * rows that are locked. What is kept too long harms nobody, so a failure is left to the next turn.
 */
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int BATCH = 5_000;

    private final String what;
    private final Duration kept;
    private final DataSource database;
    private final LongSupplier clock;
    private final Forget forget;
    private final Worker worker;

    /** Deletes rows; in a transaction of its own. */
    @FunctionalInterface
    public interface Forget {
        /** Deletes at most {@code most} rows whose ids are below this; tells how many. */
        int forget(Connection connection, long belowId, int most) throws SQLException;
    }

    /** Of what is named so, in words; nothing is forgotten before {@link #start}. */
    public Retention(
            String what, Duration kept, DataSource database, LongSupplier clock, Forget forget) {
        this.what = what;
        this.kept = kept;
        this.database = database;
        this.clock = clock;
        this.forget = forget;
        this.worker = new Worker("retention-of-" + what.replace(' ', '-'), new Turns());
    }

    /** Begins to forget, on a thread of its own. */
    public void start() {
        worker.start();
    }

    /** Forgets all that are old enough; tells how many. */
    public int forget() throws SQLException {
        long below = Gateway.firstIdAt(clock.getAsLong() - kept.toMillis());
        int forgotten = 0;
        int batch = BATCH;
        while (batch == BATCH && !worker.isClosing()) {
            try (Connection connection = database.getConnection()) {
                batch = forget.forget(connection, below, BATCH);
            }
            forgotten += batch;
        }
        return forgotten;
    }

    @Override
    public void close() {
        worker.close();
    }

    private final class Turns implements Worker.Turns {
        @Override
        public long turn() {
            try {
                int forgotten = forget();
                if (forgotten > 0) {
                    LOG.debug("{}: {} are forgotten", what, forgotten);
                }
            } catch (SQLException | RuntimeException failed) {
                LOG.warn("{} can't be forgotten now: {}", what, failed.toString());
            }
            return EVERY_NANOS;
        }

        @Override
        public void failed(Throwable thrown) {}

        @Override
        public void end() {}
    }
}
