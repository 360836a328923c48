package io.perpetua.risk.app;

import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.risk.UserValuation;
import java.util.Collection;

/** Where valuations are published, the newest of each market and user. */
public interface ValuationJournal {
    /**
     * Returns when the log has all of them.
     *
     * @throws IllegalStateException when that is not known
     */
    void publishMarkets(Collection<MarketValuation> valuations);

    /** The same, of users. */
    void publishUsers(Collection<UserValuation> valuations);
}
