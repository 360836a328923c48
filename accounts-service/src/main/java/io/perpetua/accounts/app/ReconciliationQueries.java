package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.ReconciliationStore;
import io.perpetua.accounts.persistence.ReconciliationStore.DifferenceRow;
import io.perpetua.accounts.persistence.ReconciliationStore.RunRow;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What the comparisons of the ledger with risk's copies have found. */
@ApplicationScoped
public class ReconciliationQueries {
    private static final int LAST = 20;

    private final ReconciliationStore store;
    private final UserTransactions transactions;
    private final AdminTransactions adminTransactions;

    /** With where runs are kept. */
    public ReconciliationQueries(
            ReconciliationStore store,
            UserTransactions transactions,
            AdminTransactions adminTransactions) {
        this.store = store;
        this.transactions = transactions;
        this.adminTransactions = adminTransactions;
    }

    /** The last runs, for anybody: they count and name nobody. */
    public List<RunRow> last() {
        return transactions.callPublic(tx -> store.runs(tx, LAST));
    }

    /** The last runs, for an administrator. */
    public List<RunRow> runs(long admin, int most) {
        return adminTransactions.call(admin, tx -> store.runs(tx, most));
    }

    /** What a run has found, for an administrator. */
    public List<DifferenceRow> differences(long admin, long run, int most) {
        return adminTransactions.call(admin, tx -> store.differences(tx, List.of(run), most));
    }
}
