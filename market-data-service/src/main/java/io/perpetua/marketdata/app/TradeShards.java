package io.perpetua.marketdata.app;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.MarketFold;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.persistence.CandleStore;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The shards that fold trades into candles and totals, in the commit that moves their offset. */
@Singleton
public class TradeShards implements ShardGroup<TradeShard, Connection> {
    private final CandleStore candles;

    TradeShards(CandleStore candles) {
        this.candles = candles;
    }

    @Override
    public String name() {
        return "market-data-trades";
    }

    @Override
    public int shards() {
        return Partitions.MARKETS;
    }

    @Override
    public List<InputTopic> inputs() {
        return List.of(new InputTopic(Topics.TRADES.name(), InputTopic.Kind.EVENTS));
    }

    /** No request waits for candles to follow. */
    @Override
    public long paceMillis() {
        return 100;
    }

    @Override
    public TradeShard create(int index) {
        return new TradeShard(index);
    }

    @Override
    public void load(List<TradeShard> shards, Connection transaction) throws SQLException {
        List<MarketTotal> totals = candles.totals(transaction);
        for (TradeShard shard : shards) {
            for (MarketTotal total : totals) {
                if (Partitions.of(total.market()) == shard.index()) {
                    shard.restore(total);
                }
            }
        }
    }

    @Override
    public void flush(List<TradeShard> changed, Connection transaction, Writes writes)
            throws SQLException {
        List<MarketFold> folds = new ArrayList<>();
        List<MarketTotal> totals = new ArrayList<>();
        for (TradeShard shard : changed) {
            List<MarketFold> batch = shard.takeBatch();
            folds.addAll(batch);
            totals.addAll(shard.close(batch));
        }
        if (!folds.isEmpty()) {
            candles.add(transaction, folds);
            candles.putTotals(transaction, totals);
        }
    }
}
