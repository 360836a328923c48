package io.perpetua.accounts.messaging;

import io.perpetua.accounts.app.PostSettlementsHandler;
import io.perpetua.accounts.domain.ledger.SettlementJournal;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.UnreadableEventException;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ledger's user shards: settlements in, postings out, in the commit that moves the offsets. */
@ApplicationScoped
public class SettlementShards implements ShardGroup<SettlementShard, Connection> {
    private final PostSettlementsHandler handler;

    /** With what reads and writes the ledger. */
    public SettlementShards(PostSettlementsHandler handler) {
        this.handler = handler;
    }

    @Override
    public String name() {
        return "accounts-settlements";
    }

    @Override
    public int shards() {
        return Partitions.USERS;
    }

    @Override
    public List<InputTopic> inputs() {
        return List.of(new InputTopic(Topics.SETTLEMENTS.name(), InputTopic.Kind.EVENTS));
    }

    /** No request waits for the ledger to follow. */
    @Override
    public long paceMillis() {
        return 100;
    }

    @Override
    public SettlementShard create(int index) {
        return new SettlementShard(index);
    }

    @Override
    public void load(List<SettlementShard> shards, Connection transaction) throws SQLException {
        handler.load(journals(shards), transaction);
    }

    @Override
    public void prefetch(Map<SettlementShard, List<Incoming>> batch, Connection transaction)
            throws SQLException {
        Set<SubaccountId> unknown = new HashSet<>();
        batch.forEach(
                (shard, records) -> {
                    for (Incoming record : records) {
                        addUnknown(shard, record, unknown);
                    }
                });
        handler.lookUp(journals(batch.keySet()), unknown, transaction);
    }

    private static void addUnknown(
            SettlementShard shard, Incoming record, Set<SubaccountId> unknown) {
        try {
            SubaccountId subaccount =
                    EventCodec.decode(Settlement.class, record.value()).subaccount();
            if (!shard.journal().knows(subaccount)) {
                unknown.add(subaccount);
            }
        } catch (UnreadableEventException unreadable) {
            return; // its turn to be handled comes, and stops the shard there
        }
    }

    @Override
    public void flush(List<SettlementShard> changed, Connection transaction, Writes writes)
            throws SQLException {
        handler.write(journals(changed).values(), transaction);
    }

    private static Map<Integer, SettlementJournal> journals(Collection<SettlementShard> shards) {
        Map<Integer, SettlementJournal> journals = new HashMap<>();
        for (SettlementShard shard : shards) {
            journals.put(shard.index(), shard.journal());
        }
        return journals;
    }
}
