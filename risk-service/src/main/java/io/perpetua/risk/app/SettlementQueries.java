package io.perpetua.risk.app;

import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.risk.persistence.SettlementReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Lists a subaccount's settlements. */
@ApplicationScoped
public class SettlementQueries {
    private final UserTransactions reads;

    SettlementQueries(UserTransactions reads) {
        this.reads = reads;
    }

    /** At most {@code limit} of those before {@code sequence}, the last first. */
    public List<SettlementView> before(
            UserId user, SubaccountId subaccount, long sequence, int limit) {
        return reads.call(
                user,
                transaction -> {
                    Snapshot snapshot = Snapshot.of(transaction, user);
                    return SettlementReader.before(transaction, user, subaccount, sequence, limit)
                            .stream()
                            .map(settled -> view(settled, snapshot))
                            .toList();
                });
    }

    private static SettlementView view(TradesSettled settled, Snapshot snapshot) {
        return new SettlementView(
                settled.subaccount(),
                settled.sequence(),
                snapshot.symbolOf(settled.market()),
                settled.firstTrade(),
                settled.lastTrade(),
                settled.fills(),
                settled.notional(),
                settled.realised(),
                settled.fee(),
                Instant.ofEpochMilli(settled.atMillis()));
    }
}
