package io.perpetua.accounts.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Shard;
import java.util.ArrayList;
import java.util.List;

/** The decisions about an eighth of the markets, of which it holds those of the batch alone. */
final class MarketDecisionShard implements Shard {
    private final List<MarketDecision> batch = new ArrayList<>();

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        batch.add(EventCodec.decode(MarketDecision.class, record.value()));
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        throw new IllegalStateException("decisions are events; none can be refused");
    }

    /** Hands over the decisions handled since this was last called. */
    List<MarketDecision> takeBatch() {
        List<MarketDecision> taken = List.copyOf(batch);
        batch.clear();
        return taken;
    }

    @Override
    public long stateHash() {
        return batch.hashCode();
    }
}
