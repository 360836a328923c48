package io.perpetua.accounts.messaging;

import io.perpetua.accounts.domain.ledger.SettlementJournal;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Shard;

/** One user shard of the ledger: the settlements of the users whose shard it is. */
final class SettlementShard implements Shard {
    private final int index;
    private final SettlementJournal journal = new SettlementJournal();

    SettlementShard(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    SettlementJournal journal() {
        return journal;
    }

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        journal.take(EventCodec.decode(Settlement.class, record.value()));
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        throw new IllegalStateException("settlements are events; none can be refused");
    }

    @Override
    public long stateHash() {
        return journal.stateHash();
    }
}
