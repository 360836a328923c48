package io.perpetua.accounts.messaging;

import io.perpetua.accounts.app.RecordMarketDecisionsHandler;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What administrators decide about markets, recorded in the commit that moves the offsets. */
@ApplicationScoped
public class MarketDecisionShards implements ShardGroup<MarketDecisionShard, Connection> {
    private final RecordMarketDecisionsHandler handler;

    /** With what records them. */
    public MarketDecisionShards(RecordMarketDecisionsHandler handler) {
        this.handler = handler;
    }

    @Override
    public String name() {
        return "accounts-market-decisions";
    }

    @Override
    public int shards() {
        return Partitions.MARKETS;
    }

    @Override
    public List<InputTopic> inputs() {
        return List.of(new InputTopic(Topics.MARKET_DECISIONS.name(), InputTopic.Kind.EVENTS));
    }

    /** They are few, and no request waits for them. */
    @Override
    public long paceMillis() {
        return 500;
    }

    @Override
    public MarketDecisionShard create(int index) {
        return new MarketDecisionShard();
    }

    /** Nothing is kept from batch to batch. */
    @Override
    public void load(List<MarketDecisionShard> shards, Connection transaction) {}

    @Override
    public void flush(List<MarketDecisionShard> changed, Connection transaction, Writes writes)
            throws SQLException {
        for (MarketDecisionShard shard : changed) {
            handler.record(shard.takeBatch(), transaction);
        }
    }
}
