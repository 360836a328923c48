package io.perpetua.edge;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Transactions of the default pool that see one user's rows: row-level security compares each row's
 * user with the one set here, for as long as the transaction lasts. Panache shares them.
 */
@ApplicationScoped
public class UserTransactions {
    private final NamedTransactions transactions;

    /** With the pool whose role the policies bind. */
    public UserTransactions(AgroalDataSource api) {
        this.transactions = new NamedTransactions(api, "perpetua.user_id");
    }

    /** What is done within a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** The result; an exception rolls back. */
        T apply(Connection connection) throws SQLException;
    }

    /** Begins a transaction that sees the user's rows, does the work, commits. */
    public <T> T call(UserId user, Work<T> work) {
        return transactions.call(user.toString(), work);
    }

    /** The same without a user: it sees what is public. */
    public <T> T callPublic(Work<T> work) {
        return transactions.callNameless(work);
    }
}
