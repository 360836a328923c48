package io.perpetua.marketdata.app;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.domain.oracle.ReplaySpeed;
import io.perpetua.marketdata.persistence.ReplayStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** What is queued to be played. */
@ApplicationScoped
public class ReplayQueries {
    private final UserTransactions transactions;
    private final ReplayStore replays;

    ReplayQueries(UserTransactions transactions, ReplayStore replays) {
        this.transactions = transactions;
        this.replays = replays;
    }

    /** One market's queue. */
    public record MarketReplay(MarketId market, int queued, ReplaySpeed speed) {}

    /** How many bars of {@code market} are queued, the one under way included. */
    public int queued(MarketId market) {
        return transactions.callPublic(connection -> replays.count(connection, market));
    }

    /** Every market that ever had bars, by id. */
    public List<MarketReplay> all() {
        return transactions.callPublic(
                connection -> {
                    List<MarketReplay> all = new ArrayList<>();
                    for (var entry : replays.all(connection).entrySet()) {
                        all.add(
                                new MarketReplay(
                                        entry.getKey(),
                                        replays.count(connection, entry.getKey()),
                                        new ReplaySpeed(entry.getValue().barsPerSecondMicros())));
                    }
                    return all;
                });
    }
}
