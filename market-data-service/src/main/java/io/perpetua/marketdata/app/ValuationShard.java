package io.perpetua.marketdata.app;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The valuations of an eighth of the markets, of which it holds the newest of the batch alone. */
public final class ValuationShard implements Shard {
    private final Map<MarketId, MarketValuation> batch = new HashMap<>();

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        MarketValuation valuation = EventCodec.decode(MarketValuation.class, record.value());
        batch.merge(
                valuation.market(),
                valuation,
                (old, now) -> now.atMillis() < old.atMillis() ? old : now);
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        // One that can't be read is in the dead letters; the next one is seconds away.
    }

    /** Hands over what came since this was last called. */
    Collection<MarketValuation> takeBatch() {
        List<MarketValuation> taken = new ArrayList<>(batch.values());
        batch.clear();
        return taken;
    }

    @Override
    public long stateHash() {
        return batch.hashCode();
    }
}
