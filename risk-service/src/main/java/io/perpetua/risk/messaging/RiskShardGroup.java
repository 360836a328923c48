package io.perpetua.risk.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.InputTopic.Kind;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.risk.app.EngineStore;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.domain.margin.Marks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The user shards of risk: what happened comes before what is asked for. */
class RiskShardGroup implements ShardGroup<RiskShard, Connection> {
    private final Marks marks;
    private final MeterRegistry metrics;
    private final EngineStore store = new EngineStore();
    private final AtomicIntegerArray belowMaintenance = new AtomicIntegerArray(Partitions.USERS);

    RiskShardGroup(Marks marks, MeterRegistry metrics) {
        this.marks = marks;
        this.metrics = metrics;
        metrics.gauge("perpetua.risk.accounts.below.maintenance", belowMaintenance, this::sum);
    }

    private double sum(AtomicIntegerArray counts) {
        int sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    @Override
    public String name() {
        return "risk-users";
    }

    @Override
    public int shards() {
        return Partitions.USERS;
    }

    /** A command that comes after an event always finds it applied, so nobody waits for events. */
    @Override
    public List<InputTopic> inputs() {
        return List.of(
                new InputTopic(Topics.ORDER_EVENTS.name(), Kind.EVENTS, false),
                new InputTopic(Topics.USER_EVENTS.name(), Kind.EVENTS),
                new InputTopic(Topics.ORDER_COMMANDS.name(), Kind.COMMANDS),
                new InputTopic(Topics.RISK_COMMANDS.name(), Kind.COMMANDS));
    }

    @Override
    public RiskShard create(int index) {
        return new RiskShard(
                index, new RiskEngine(marks), metrics, count -> belowMaintenance.set(index, count));
    }

    @Override
    public void load(List<RiskShard> shards, Connection transaction) throws SQLException {
        store.load(engines(shards), transaction);
    }

    @Override
    public void prefetch(Map<RiskShard, List<Incoming>> batch, Connection transaction)
            throws SQLException {
        Map<RiskEngine, Set<Request.Key>> named = new HashMap<>();
        batch.forEach((shard, records) -> named.put(shard.engine(), shard.read(records)));
        store.lookUp(named, transaction);
    }

    @Override
    public void flush(List<RiskShard> changed, Connection transaction, Writes writes) {
        store.store(engines(changed), writes);
    }

    private static Map<Integer, RiskEngine> engines(List<RiskShard> shards) {
        Map<Integer, RiskEngine> engines = new HashMap<>();
        shards.forEach(shard -> engines.put(shard.index(), shard.engine()));
        return engines;
    }
}
