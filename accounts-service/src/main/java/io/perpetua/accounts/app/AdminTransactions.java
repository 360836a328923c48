package io.perpetua.accounts.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.edge.UserTransactions.Work;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Transactions of the pool that serves administrators: its role sees the rows of every user, but
 * only while the transaction names the administrator who looks.
 */
@ApplicationScoped
public class AdminTransactions {
    private static final String SET_ADMIN = "select set_config('perpetua.admin_id', ?, true)";

    private final AgroalDataSource admins;

    /** With the pool whose role the policies for administrators bind. */
    public AdminTransactions(@DataSource("admin") AgroalDataSource admins) {
        this.admins = admins;
    }

    /** Begins a transaction in which the administrator acts, does the work, commits. */
    public <T> T call(long admin, Work<T> work) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            try (Connection connection = admins.getConnection()) {
                                actAs(connection, admin);
                                return work.apply(connection);
                            }
                        });
    }

    /** The same before anybody is signed in: it sees no rows but by the owner's functions. */
    public <T> T callNameless(Work<T> work) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            try (Connection connection = admins.getConnection()) {
                                return work.apply(connection);
                            }
                        });
    }

    private static void actAs(Connection connection, long admin) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SET_ADMIN)) {
            statement.setString(1, Long.toString(admin));
            statement.execute();
        }
    }
}
