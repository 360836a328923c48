package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.persistence.MarketApprovalStore;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredApproval;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What administrators want of markets and may not decide alone. */
@ApplicationScoped
public class MarketApprovalQueries {
    private final UserTransactions transactions;
    private final MarketApprovalStore approvals;

    MarketApprovalQueries(UserTransactions transactions, MarketApprovalStore approvals) {
        this.transactions = transactions;
        this.approvals = approvals;
    }

    /** The newest {@code limit} before number {@code before}, newest first. */
    public List<StoredApproval> newest(
            @Nullable MarketId market,
            @Nullable MarketApprovalState state,
            long before,
            int limit,
            long nowMillis) {
        return transactions.callPublic(
                connection ->
                        approvals.newest(connection, market, state, before, limit, nowMillis));
    }

    /** One of them. */
    public Optional<StoredApproval> find(long id) {
        return transactions.callPublic(connection -> approvals.find(connection, id));
    }
}
