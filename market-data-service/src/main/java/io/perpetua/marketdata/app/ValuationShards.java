package io.perpetua.marketdata.app;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.persistence.ValuationStore;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * What risk-service says is held in each market: the newest is kept, in the commit that moves the
 * offsets. Which is the newest its time tells, not its place in the topic.
 */
@Singleton
public class ValuationShards implements ShardGroup<ValuationShard, Connection> {
    @Override
    public String name() {
        return "market-data-valuations";
    }

    @Override
    public int shards() {
        return Partitions.MARKETS;
    }

    /** Valuations are not numbered, hence no events. */
    @Override
    public List<InputTopic> inputs() {
        return List.of(
                new InputTopic(Topics.MARKET_VALUATIONS.name(), InputTopic.Kind.COMMANDS, false));
    }

    /** They come seconds apart, and no request waits for them. */
    @Override
    public long paceMillis() {
        return 500;
    }

    @Override
    public ValuationShard create(int index) {
        return new ValuationShard();
    }

    /** Nothing is kept from batch to batch. */
    @Override
    public void load(List<ValuationShard> shards, Connection transaction) {}

    @Override
    public void flush(List<ValuationShard> changed, Connection transaction, Writes writes) {
        List<MarketValuation> newest = new ArrayList<>();
        changed.forEach(shard -> newest.addAll(shard.takeBatch()));
        ValuationStore.put(writes, newest);
    }
}
