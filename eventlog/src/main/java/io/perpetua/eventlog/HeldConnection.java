package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection that one thread keeps, with the time limits that stop a paused owner from holding a
 * lock: the server ends a transaction left idle, and both sides notice a peer that went away.
 * Replaced by a new one after a failure.
 */
final class HeldConnection implements AutoCloseable {
    private static final int ANSWER_MILLIS = 10_000;
    private static final int PATIENT_ANSWER_MILLIS = 130_000;

    /**
     * A batch reads and writes rows by their keys, always. Planning such a statement costs as much
     * as running it, so it is planned once; and while a table was empty, which is when that
     * happens, only an index looks right for what it becomes.
     */
    private static final String POINT_ACCESS =
            "set plan_cache_mode = force_generic_plan;"
                    + "set enable_seqscan = off;"
                    + "set enable_hashjoin = off;"
                    + "set enable_mergejoin = off";

    /** For the rest of a transaction that reads whole tables. */
    static final String WHOLE_TABLES =
            "set local plan_cache_mode = auto;"
                    + "set local enable_seqscan = on;"
                    + "set local enable_hashjoin = on;"
                    + "set local enable_mergejoin = on";

    private final DataSource database;
    private @Nullable Connection connection;

    HeldConnection(DataSource database) {
        this.database = database;
    }

    /** The connection, not in auto-commit mode. */
    Connection get() throws SQLException {
        if (connection != null) {
            return connection;
        }
        Connection opened = database.getConnection();
        try {
            opened.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
            opened.setAutoCommit(true);
            try (Statement settings = opened.createStatement()) {
                settings.execute(
                        "set statement_timeout = '5s';"
                                + "set idle_in_transaction_session_timeout = '3s';"
                                + "set tcp_user_timeout = '5s';"
                                + "set tcp_keepalives_idle = 5;"
                                + "set tcp_keepalives_interval = 1;"
                                + "set tcp_keepalives_count = 5;"
                                + POINT_ACCESS);
            }
            opened.setAutoCommit(false);
        } catch (SQLException failed) {
            abandon(opened, failed);
            throw failed;
        }
        connection = opened;
        return opened;
    }

    /** Waits longer for answers, as long as a state is loaded. */
    void bePatient(boolean patient) throws SQLException {
        get().setNetworkTimeout(Runnable::run, patient ? PATIENT_ANSWER_MILLIS : ANSWER_MILLIS);
    }

    /** Gives up the open transaction. A connection that can't even do that is given up, too. */
    void rollback() {
        Connection held = connection;
        if (held == null) {
            return;
        }
        try {
            held.rollback();
            held.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        } catch (SQLException broken) {
            connection = null;
            abandon(held, broken);
        }
    }

    /**
     * Cuts the session itself and lets its pool notice: a pool never gets back a connection that
     * was aborted through the pool's own wrapper.
     */
    private static void abandon(Connection broken, SQLException cause) {
        try {
            broken.unwrap(Connection.class).abort(Runnable::run);
            broken.rollback();
        } catch (SQLException expected) {
            cause.addSuppressed(expected);
        }
        try {
            broken.close();
        } catch (SQLException again) {
            cause.addSuppressed(again);
        }
    }

    @Override
    public void close() {
        Connection held = connection;
        connection = null;
        if (held != null) {
            try {
                held.rollback();
                held.setAutoCommit(true);
                try (Statement settings = held.createStatement()) {
                    settings.execute("reset all");
                }
                held.close();
            } catch (SQLException broken) {
                abandon(held, broken);
            }
        }
    }
}
