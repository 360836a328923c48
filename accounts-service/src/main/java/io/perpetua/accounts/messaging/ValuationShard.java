package io.perpetua.accounts.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Shard;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Valuations of the users of one partition, of which it holds the newest of a day and batch. */
final class ValuationShard implements Shard {
    private final Map<Key, UserValuation> batch = new HashMap<>();

    private record Key(UserId user, LocalDate day) {}

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        UserValuation valuation = EventCodec.decode(UserValuation.class, record.value());
        batch.merge(
                new Key(valuation.user(), valuation.day()),
                valuation,
                (old, now) -> now.atMillis() < old.atMillis() ? old : now);
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        // One that can't be read is in the dead letters; the next one is minutes away.
    }

    /** Hands over what came since this was last called. */
    Collection<UserValuation> takeBatch() {
        List<UserValuation> taken = new ArrayList<>(batch.values());
        batch.clear();
        return taken;
    }

    @Override
    public long stateHash() {
        return batch.hashCode();
    }
}
