package io.perpetua.marketdata.app;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.MarketFold;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.HistoryStore;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The shards that fold trades into candles and totals, in the commit that moves their offset. */
@Singleton
public class TradeShards implements ShardGroup<TradeShard, Connection> {
    private final CandleStore candles;
    private final KnownPartitions partitions;

    TradeShards(CandleStore candles, HistoryStore history) {
        this.candles = candles;
        this.partitions = new KnownPartitions(history);
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
        partitions.forget();
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
        List<MarketFold> traded = new ArrayList<>();
        List<CandleFold> folds = new ArrayList<>();
        List<MarketTotal> totals = new ArrayList<>();
        for (TradeShard shard : changed) {
            List<MarketFold> batch = shard.takeBatch();
            batch.forEach(fold -> folds.add(fold.candles()));
            traded.addAll(batch);
            totals.addAll(shard.close(batch));
        }
        if (!folds.isEmpty()) {
            partitions.prepare(transaction, HistoryStore.MINUTES, minutes(folds));
            CandleStore.add(writes, folds);
            CandleStore.putDays(writes, traded);
            candles.putTotals(transaction, totals);
        }
    }

    static List<Long> minutes(List<CandleFold> folds) {
        return folds.stream()
                .flatMap(fold -> fold.candles(Frame.MINUTE).stream())
                .map(Candle::openMillis)
                .toList();
    }
}
