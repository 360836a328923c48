package io.perpetua.marketdata.app;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Shard;
import io.perpetua.marketdata.domain.candle.MarketFold;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The trades of the markets of one shard, folded a batch at a time. */
public final class TradeShard implements Shard {
    private final int index;
    private final TreeMap<MarketId, MarketTotal> totals = new TreeMap<>();
    private final TreeMap<MarketId, MarketFold> folds = new TreeMap<>();

    TradeShard(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    void restore(MarketTotal total) {
        totals.put(total.market(), total);
    }

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        TradeExecuted trade = EventCodec.decode(TradeExecuted.class, record.value());
        MarketFold fold = folds.get(trade.market());
        if (fold == null) {
            folds.put(trade.market(), new MarketFold(trade));
        } else {
            fold.add(trade);
        }
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        throw new IllegalStateException("trades are no commands");
    }

    /** Adds the batch to the totals and returns those that changed. */
    List<MarketTotal> close(Collection<MarketFold> batch) {
        List<MarketTotal> changed = new ArrayList<>();
        for (MarketFold fold : batch) {
            MarketTotal total = MarketTotal.sum(totals.get(fold.market()), fold);
            totals.put(fold.market(), total);
            changed.add(total);
        }
        return changed;
    }

    /** Hands over the trades handled since this was last called. */
    List<MarketFold> takeBatch() {
        List<MarketFold> taken = List.copyOf(folds.values());
        folds.clear();
        return taken;
    }

    @Override
    public long stateHash() {
        return totals.hashCode();
    }
}
