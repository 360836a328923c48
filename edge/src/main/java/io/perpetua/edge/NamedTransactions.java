package io.perpetua.edge;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;

/**
 * Transactions of one pool that tell the database for whom they are, by a setting that lasts as
 * long as they do: row-level security compares rows with it.
 */
public final class NamedTransactions {
    private static final String SET = "select set_config(?, ?, true)";

    private final AgroalDataSource pool;
    private final String setting;

    /** Of this pool; {@code setting} is what the policies of its role read. */
    public NamedTransactions(AgroalDataSource pool, String setting) {
        this.pool = pool;
        this.setting = setting;
    }

    /** Begins a transaction for whoever has this id, does the work, commits. */
    public <T> T call(String id, UserTransactions.Work<T> work) {
        return callNameless(
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(SET)) {
                        statement.setString(1, setting);
                        statement.setString(2, id);
                        statement.execute();
                    }
                    return work.apply(connection);
                });
    }

    /** The same for nobody: it sees what everybody may. */
    public <T> T callNameless(UserTransactions.Work<T> work) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            try (Connection connection = pool.getConnection()) {
                                return work.apply(connection);
                            }
                        });
    }
}
