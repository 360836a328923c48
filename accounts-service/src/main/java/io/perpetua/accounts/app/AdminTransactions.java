package io.perpetua.accounts.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.edge.NamedTransactions;
import io.perpetua.edge.UserTransactions.Work;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Transactions of the pool that serves administrators: its role sees the rows of every user, but
 * only while the transaction names the administrator who looks.
 */
@ApplicationScoped
public class AdminTransactions {
    private final NamedTransactions transactions;

    /** With the pool whose role the policies for administrators bind. */
    public AdminTransactions(@DataSource("admin") AgroalDataSource admins) {
        this.transactions = new NamedTransactions(admins, "perpetua.admin_id");
    }

    /** Begins a transaction in which the administrator acts, does the work, commits. */
    public <T> T call(long admin, Work<T> work) {
        return transactions.call(Long.toString(admin), work);
    }

    /** The same before anybody is signed in: it sees no rows but by the owner's functions. */
    public <T> T callNameless(Work<T> work) {
        return transactions.callNameless(work);
    }
}
