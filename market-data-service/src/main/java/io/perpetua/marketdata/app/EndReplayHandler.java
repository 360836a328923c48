package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.marketdata.persistence.ReplayStore;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;

/** Drops the bars queued for a market; its simulated walk goes on from the last price. */
@ApplicationScoped
public class EndReplayHandler {
    private final AgroalDataSource database;
    private final ReplayStore replays;

    EndReplayHandler(@DataSource("shard") AgroalDataSource database, ReplayStore replays) {
        this.database = database;
        this.replays = replays;
    }

    /** Returns how many bars were dropped. */
    public int handle(MarketId market) {
        return Transactions.inTransaction(
                database, transaction -> replays.drop(transaction, market));
    }
}
