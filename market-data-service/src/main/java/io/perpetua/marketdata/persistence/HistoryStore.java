package io.perpetua.marketdata.persistence;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/** The partitions of the tables that are divided by time. */
@ApplicationScoped
public class HistoryStore {
    /** Minutes of candles, a partition a month. */
    public static final String MINUTES = "candle_1m";

    /** Whether this transaction is, until it ends, the only one that looks after the partitions. */
    public boolean tryLead(Connection transaction) throws SQLException {
        try (PreparedStatement lock =
                        transaction.prepareStatement(
                                "select pg_try_advisory_xact_lock(hashtext('history-maintenance'))");
                ResultSet row = lock.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * Makes the partitions that hold these times, where they are missing; says how many it made.
     */
    public int make(Connection transaction, String table, Collection<Long> atMillis)
            throws SQLException {
        try (PreparedStatement make = transaction.prepareStatement("select make_history(?, ?)")) {
            make.setString(1, table);
            make.setArray(2, transaction.createArrayOf("bigint", atMillis.toArray()));
            return count(make);
        }
    }

    /** Drops the partitions that ended by {@code beforeMillis}; says how many it dropped. */
    public int drop(Connection transaction, String table, long beforeMillis) throws SQLException {
        try (PreparedStatement drop = transaction.prepareStatement("select drop_history(?, ?)")) {
            drop.setString(1, table);
            drop.setLong(2, beforeMillis);
            return count(drop);
        }
    }

    private static int count(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
