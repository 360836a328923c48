package io.perpetua.edge;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.value.UserId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Transactions of the default pool that see one user's rows: row-level security compares each row's
 * user with the one set here, for as long as the transaction lasts. Panache shares them.
 */
@ApplicationScoped
public class UserTransactions {
    private static final String SET_USER = "select set_config('perpetua.user_id', ?, true)";

    private final AgroalDataSource api;

    /** With the pool whose role the policies bind. */
    public UserTransactions(AgroalDataSource api) {
        this.api = api;
    }

    /** What is done within a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** The result; an exception rolls back. */
        T apply(Connection connection) throws SQLException;
    }

    /** Begins a transaction that sees the user's rows, does the work, commits. */
    public <T> T call(UserId user, Work<T> work) {
        return inTransaction(
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(SET_USER)) {
                        statement.setString(1, user.toString());
                        statement.execute();
                    }
                    return work.apply(connection);
                });
    }

    /** The same without a user: it sees what is public. */
    public <T> T callPublic(Work<T> work) {
        return inTransaction(work);
    }

    private <T> T inTransaction(Work<T> work) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            try (Connection connection = api.getConnection()) {
                                return work.apply(connection);
                            }
                        });
    }
}
