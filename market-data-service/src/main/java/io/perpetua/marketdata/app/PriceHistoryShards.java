package io.perpetua.marketdata.app;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.TickSequences;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.HistoryStore;
import io.perpetua.marketdata.persistence.TickStore;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The shards that keep published prices and fold index prices into candles, in the commit that
 * moves their offset. The topics keep at least the newest price of each market, so of what was
 * published while no process followed only that may be left.
 */
@Singleton
public class PriceHistoryShards implements ShardGroup<PriceHistoryShard, Connection> {
    private final TickStore ticks;
    private final KnownPartitions partitions;

    PriceHistoryShards(TickStore ticks, HistoryStore history) {
        this.ticks = ticks;
        this.partitions = new KnownPartitions(history);
    }

    @Override
    public String name() {
        return "market-data-price-history";
    }

    @Override
    public int shards() {
        return Partitions.MARKETS;
    }

    /** Prices are not numbered by channel but by their own sequence, hence no events. */
    @Override
    public List<InputTopic> inputs() {
        return List.of(
                new InputTopic(Topics.ORACLE_PRICES.name(), InputTopic.Kind.COMMANDS, false),
                new InputTopic(Topics.MARK_PRICES.name(), InputTopic.Kind.COMMANDS, false));
    }

    /** Nobody waits for history, and a commit a second is a cheap one. */
    @Override
    public long paceMillis() {
        return 1_000;
    }

    @Override
    public PriceHistoryShard create(int index) {
        return new PriceHistoryShard(index);
    }

    @Override
    public void load(List<PriceHistoryShard> shards, Connection transaction) throws SQLException {
        partitions.forget();
        List<TickSequences> all = ticks.sequences(transaction);
        for (PriceHistoryShard shard : shards) {
            for (TickSequences known : all) {
                if (Partitions.of(known.market()) == shard.index()) {
                    shard.restore(known);
                }
            }
        }
    }

    @Override
    public void flush(List<PriceHistoryShard> changed, Connection transaction, Writes writes)
            throws SQLException {
        List<OraclePrice> oracle = new ArrayList<>();
        List<MarkPrice> mark = new ArrayList<>();
        List<CandleFold> folds = new ArrayList<>();
        List<TickSequences> sequences = new ArrayList<>();
        for (PriceHistoryShard shard : changed) {
            PriceHistoryShard.Batch batch = shard.takeBatch();
            oracle.addAll(batch.oracle());
            mark.addAll(batch.mark());
            folds.addAll(batch.candles());
            sequences.addAll(batch.changed());
        }
        partitions.prepare(transaction, HistoryStore.MINUTES, TradeShards.minutes(folds));
        partitions.prepare(
                transaction, TickStore.MARK, mark.stream().map(MarkPrice::atMillis).toList());
        partitions.prepare(
                transaction,
                TickStore.ORACLE,
                oracle.stream().map(OraclePrice::publishedAtMillis).toList());
        CandleStore.add(writes, folds);
        TickStore.insertMark(writes, mark);
        TickStore.insertOracle(writes, oracle);
        TickStore.putSequences(writes, sequences);
    }
}
