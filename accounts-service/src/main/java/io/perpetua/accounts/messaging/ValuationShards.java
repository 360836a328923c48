package io.perpetua.accounts.messaging;

import io.perpetua.accounts.app.KeepValuationsHandler;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What risk-service says users' positions are worth: the newest of each day is kept, in the commit
 * that moves the offsets. The topic keeps at least the newest one of each user, so of days on which
 * this service did not follow only that may be left.
 */
@ApplicationScoped
public class ValuationShards implements ShardGroup<ValuationShard, Connection> {
    private final KeepValuationsHandler handler;

    /** With what keeps them. */
    public ValuationShards(KeepValuationsHandler handler) {
        this.handler = handler;
    }

    @Override
    public String name() {
        return "accounts-valuations";
    }

    @Override
    public int shards() {
        return Partitions.USERS;
    }

    /** Valuations are not numbered, hence no events. */
    @Override
    public List<InputTopic> inputs() {
        return List.of(
                new InputTopic(Topics.USER_VALUATIONS.name(), InputTopic.Kind.COMMANDS, false));
    }

    /** They come minutes apart, and no request waits for them. */
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
    public void flush(List<ValuationShard> changed, Connection transaction, Writes writes)
            throws SQLException {
        List<UserValuation> newest = new ArrayList<>();
        changed.forEach(shard -> newest.addAll(shard.takeBatch()));
        handler.keep(newest, transaction);
    }
}
