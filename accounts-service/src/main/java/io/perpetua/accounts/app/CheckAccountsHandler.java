package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.persistence.AccountCheckStore;
import io.perpetua.accounts.persistence.AccountCheckStore.Checked;
import io.perpetua.accounts.persistence.AccountCheckStore.Contradiction;
import io.perpetua.accounts.persistence.AccountCheckStore.Unchecked;
import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Checks every account of an asset other than USDC, of which nobody has a copy, against its own
 * transactions: the part of a comparison that risk has no part in. A difference is a row, an error
 * in the log and a metric, as one with risk is.
 */
@ApplicationScoped
public class CheckAccountsHandler {
    private static final Logger LOG = Logger.getLogger(CheckAccountsHandler.class);
    private static final int MOST_ACCOUNTS = 500;

    /** As many as the search for a first difference with risk reads. */
    private static final int MOST_TRANSACTIONS = 20_000;

    private final AccountCheckStore store;
    private final ShardTransactions transactions;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final SystemEvents events;

    /** With where runs are kept. */
    public CheckAccountsHandler(
            AccountCheckStore store,
            ShardTransactions transactions,
            Clock clock,
            MeterRegistry metrics,
            SystemEvents events) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
        this.metrics = metrics;
        this.events = events;
    }

    /**
     * Checks the next accounts of the oldest run that has any left. @return whether there was one
     */
    public boolean checkOnePage() {
        Optional<List<Contradiction>> found = transactions.call(this::check);
        found.orElse(List.of()).forEach(this::raise);
        return found.isPresent();
    }

    private Optional<List<Contradiction>> check(Connection connection) throws SQLException {
        Optional<Unchecked> run = store.unchecked(connection);
        if (run.isEmpty()) {
            return Optional.empty();
        }
        // The run is not held meanwhile: what settles counts in it.
        Checked step = store.check(connection, run.get().place(), MOST_ACCOUNTS, MOST_TRANSACTIONS);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (!store.checked(connection, run.get(), step, now)) {
            return Optional.of(List.of());
        }
        store.differ(connection, run.get().run(), step.contradictions(), now);
        return Optional.of(step.contradictions());
    }

    private void raise(Contradiction found) {
        metrics.counter("perpetua.accounts.reconciliation.differences").increment();
        events.record(
                SystemEventType.RECONCILIATION_DIFFERENCE,
                Map.of(
                        "subaccount", found.subaccount().toString(),
                        "asset", found.asset(),
                        "settlement", found.settlementSequence(),
                        "credit", found.creditSequence()));
        LOG.errorf(
                "subaccount %s has %s %s, its transactions make it %s; %s",
                found.subaccount(),
                found.balance(),
                found.asset(),
                found.postings(),
                found.firstTransaction() == null
                        ? "none of them contradicts those before it"
                        : "the first that is missing or wrong is " + found.firstTransaction());
    }
}
