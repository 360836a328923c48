package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.risk.persistence.ValuationStore;
import io.perpetua.risk.persistence.ValuationStore.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values every market, if that is due and no other process is at it. What is published before the
 * transaction that says so ends is published again after a crash, and later: the newest counts.
 */
@ApplicationScoped
public class ValueMarketsHandler {
    private final ShardTransactions transactions;
    private final NewestMarks marks;
    private final ValuationJournal journal;
    private final RiskConfig config;

    ValueMarketsHandler(
            ShardTransactions transactions,
            NewestMarks marks,
            ValuationJournal journal,
            RiskConfig config) {
        this.transactions = transactions;
        this.marks = marks;
        this.journal = journal;
        this.config = config;
    }

    /** Whether they were due. */
    public boolean handle() {
        int interval = config.marketValuationMillis();
        return transactions.call(
                transaction -> {
                    if (ValuationStore.take(transaction, Kind.MARKETS, interval).isEmpty()) {
                        return false;
                    }
                    ValuationStore.Markets held = ValuationStore.markets(transaction);
                    List<MarketValuation> valuations =
                            held.markets().stream()
                                    .map(
                                            market ->
                                                    market.at(
                                                            mark(market.market()), held.atMillis()))
                                    .toList();
                    journal.publishMarkets(valuations);
                    ValuationStore.put(
                            transaction,
                            Kind.MARKETS,
                            ValuationStore.nowMillis(transaction) + interval,
                            0);
                    return true;
                });
    }

    private @Nullable Price mark(MarketId market) {
        MarkPrice newest = marks.newest(market);
        return newest == null ? null : newest.mark();
    }
}
