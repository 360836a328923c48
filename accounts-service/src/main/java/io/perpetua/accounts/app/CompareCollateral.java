package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.persistence.ReconciliationStore;
import io.perpetua.accounts.persistence.ReconciliationStore.DifferenceRow;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.value.Usd;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Holds risk's copies against the ledger, at the sequences that each copy names; a difference is a
 * row, an error in the log and a metric, and stops nothing.
 */
@ApplicationScoped
public class CompareCollateral {
    private static final Logger LOG = Logger.getLogger(CompareCollateral.class);

    private final ReconciliationStore store;
    private final Clock clock;
    private final MeterRegistry metrics;

    /** With what it writes. */
    public CompareCollateral(ReconciliationStore store, Clock clock, MeterRegistry metrics) {
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
    }

    private static final class Counts {
        private int compared;
        private int differing;
    }

    /** Compares, in the transaction that has posted all settlements before the copies. */
    void compare(Connection transaction, List<CollateralReported> reports) throws SQLException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<Long, Counts> runs = new TreeMap<>();
        for (CollateralReported report : reports) {
            Counts counts = runs.computeIfAbsent(report.run(), run -> new Counts());
            counts.compared++;
            Usd ledger = store.ledgerAt(transaction, report);
            if (ledger.equals(report.collateral())) {
                store.agreed(transaction, report);
            } else {
                counts.differing++;
                raise(store.differs(transaction, report, ledger, now));
            }
        }
        for (Map.Entry<Long, Counts> run : runs.entrySet()) {
            Counts counts = run.getValue();
            store.count(transaction, run.getKey(), counts.compared, counts.differing, now);
        }
    }

    private void raise(DifferenceRow difference) {
        metrics.counter("perpetua.accounts.reconciliation.differences").increment();
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
                        ? "none contradicts itself"
                        : difference.firstTransaction() + " contradicts itself");
    }
}
