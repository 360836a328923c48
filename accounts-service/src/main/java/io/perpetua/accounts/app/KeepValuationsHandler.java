package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.StatisticsStore;
import io.perpetua.contracts.risk.UserValuation;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps what users' positions are worth by risk-service, the newest of each user and day. Kept
 * again it changes nothing.
 */
@ApplicationScoped
public class KeepValuationsHandler {
    private final StatisticsStore store;

    /** With where they are kept. */
    public KeepValuationsHandler(StatisticsStore store) {
        this.store = store;
    }

    /** Keeps valuations, at most one a user and day, in the transaction that moves the offsets. */
    public void keep(List<UserValuation> valuations, Connection transaction) throws SQLException {
        store.value(transaction, valuations);
    }
}
