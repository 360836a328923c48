package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.persistence.ReconciliationStore;
import io.perpetua.accounts.persistence.ReconciliationStore.Compared;
import io.perpetua.accounts.persistence.ReconciliationStore.DifferenceRow;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Holds risk's copies against the ledger, at the sequences that each copy names; a difference is a
 * row, an error in the log and a metric, and stops nothing.
 */
@ApplicationScoped
public class CompareCollateral {
    private static final Logger LOG = Logger.getLogger(CompareCollateral.class);

    /** Read in a fraction of a second, of the four that the shard's statements may take. */
    private static final int MOST_SEARCHED = 20_000;

    private final ReconciliationStore store;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final SystemEvents events;

    /** With what it writes. */
    public CompareCollateral(
            ReconciliationStore store, Clock clock, MeterRegistry metrics, SystemEvents events) {
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
        this.events = events;
    }

    /** Compares, in the transaction that has posted all settlements before the copies. */
    void compare(Connection transaction, List<CollateralReported> reports) throws SQLException {
        if (reports.isEmpty()) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<SubaccountId, CollateralReported> agreed = new HashMap<>();
        List<Compared> differing = new ArrayList<>();
        List<Compared> compared = store.compare(transaction, reports);
        for (Compared one : compared) {
            if (one.agrees()) {
                agreed.put(one.report().subaccount(), one.report());
            } else {
                differing.add(one);
            }
        }
        store.agreed(transaction, List.copyOf(agreed.values()));
        store.differ(transaction, differing, MOST_SEARCHED, now).forEach(this::raise);
        store.count(transaction, compared, now);
    }

    private void raise(DifferenceRow difference) {
        metrics.counter("perpetua.accounts.reconciliation.differences").increment();
        events.record(
                SystemEventType.RECONCILIATION_DIFFERENCE,
                Map.of(
                        "subaccount", difference.subaccount().toString(),
                        "settlement", difference.settlementSequence(),
                        "credit", difference.creditSequence()));
        LOG.errorf(
                "ledger and risk differ on subaccount %s at settlement %d and credit %d:"
                        + " %s and %s; settlement %d is the first that can, transaction %s",
                difference.subaccount(),
                difference.settlementSequence(),
                difference.creditSequence(),
                difference.ledger(),
                difference.risk(),
                difference.firstSequence(),
                difference.firstTransaction() == null
                        ? "none that was looked at contradicts itself"
                        : difference.firstTransaction() + " contradicts itself");
    }
}
