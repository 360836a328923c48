package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.marketdata.persistence.MarketApprovalStore;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredApproval;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Ends requests for approval that nobody decided in time, each once. */
@ApplicationScoped
public class ExpireMarketApprovalsHandler {
    private static final Decider NOBODY = new Decider(0, null, null);
    private static final int MOST = 100;

    private final AgroalDataSource database;
    private final MarketApprovalStore store;
    private final MarketApprovals approvals;
    private final Eventlog eventlog;

    ExpireMarketApprovalsHandler(
            @DataSource("shard") AgroalDataSource database,
            MarketApprovalStore store,
            MarketApprovals approvals,
            Eventlog eventlog) {
        this.database = database;
        this.store = store;
        this.approvals = approvals;
        this.eventlog = eventlog;
    }

    /** Ends those that are due, a hundred at most. */
    public void handle(long nowMillis) {
        int expired =
                Transactions.inTransaction(database, transaction -> expire(transaction, nowMillis));
        if (expired > 0) {
            eventlog.committed(PutInForceHandler.SOURCE);
        }
    }

    private int expire(Connection transaction, long nowMillis) throws SQLException {
        List<StoredApproval> expired = store.expire(transaction, nowMillis, MOST);
        for (StoredApproval approval : expired) {
            approvals.record(transaction, approval, NOBODY, approval.reason(), nowMillis);
        }
        return expired.size();
    }
}
