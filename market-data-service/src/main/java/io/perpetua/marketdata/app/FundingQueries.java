package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.persistence.FundingOverrideStore;
import io.perpetua.marketdata.persistence.FundingOverrideStore.StoredOverride;
import io.perpetua.marketdata.persistence.FundingStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The funding rates that were set, and those that administrators wanted. */
@ApplicationScoped
public class FundingQueries {
    private final UserTransactions transactions;
    private final FundingStore fundings;
    private final FundingOverrideStore overrides;

    FundingQueries(
            UserTransactions transactions, FundingStore fundings, FundingOverrideStore overrides) {
        this.transactions = transactions;
        this.fundings = fundings;
        this.overrides = overrides;
    }

    /** The newest {@code limit} rates of a market before number {@code before}, newest first. */
    public List<FundingRateSet> newest(MarketId market, long before, int limit) {
        return transactions.callPublic(
                connection -> fundings.newest(connection, market, before, limit));
    }

    /** What administrators wanted of a market before number {@code before}, newest first. */
    public List<StoredOverride> overrides(MarketId market, long before, int limit) {
        return transactions.callPublic(
                connection -> overrides.newest(connection, market, before, limit));
    }
}
