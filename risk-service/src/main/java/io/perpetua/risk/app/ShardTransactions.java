package io.perpetua.risk.app;

import io.perpetua.edge.UserTransactions.Work;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Transactions of what runs without being asked by a user: its role sees every user's rows, and
 * requests have no way to it.
 */
@ApplicationScoped
public class ShardTransactions {
    private final DataSource shard;

    ShardTransactions(@io.quarkus.agroal.DataSource("shard") DataSource shard) {
        this.shard = shard;
    }

    /** Begins a transaction, does the work, commits; an exception rolls back. */
    public <T> T call(Work<T> work) {
        try (Connection connection = shard.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.apply(connection);
                connection.commit();
                return result;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("the database failed: " + failed.getMessage(), failed);
        }
    }
}
