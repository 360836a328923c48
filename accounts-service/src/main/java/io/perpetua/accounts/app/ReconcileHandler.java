package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.ReconciliationStore;
import io.perpetua.accounts.persistence.ReconciliationStore.Question;
import io.perpetua.accounts.persistence.ReconciliationStore.RunRow;
import io.perpetua.contracts.accounts.CollateralQueried;
import io.perpetua.contracts.accounts.UserEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Starts comparisons of the ledger with risk's copies, and asks risk for these a page of accounts
 * at a time: the questions and how far they have come are one commit, so whoever goes on after a
 * crash asks for each account once. The answers come with the settlements.
 */
@ApplicationScoped
public class ReconcileHandler {
    private static final int PAGE = 500;

    private final ReconciliationStore store;
    private final UserEventPublisher events;
    private final ShardTransactions transactions;
    private final AdminTransactions adminTransactions;
    private final AuditTrail audit;
    private final Clock clock;

    /** With where runs are kept. */
    public ReconcileHandler(
            ReconciliationStore store,
            UserEventPublisher events,
            ShardTransactions transactions,
            AdminTransactions adminTransactions,
            AuditTrail audit,
            Clock clock) {
        this.store = store;
        this.events = events;
        this.transactions = transactions;
        this.adminTransactions = adminTransactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** Starts a run now; nothing while one on demand has not asked for every account. */
    public Optional<RunRow> startOnDemand(long actor, AuditOrigin origin) {
        return adminTransactions.call(
                actor,
                tx -> {
                    Optional<RunRow> run = store.start(tx, "ON_DEMAND", null, now());
                    if (run.isPresent()) {
                        audit.append(
                                tx,
                                new AuditEntry(
                                        AuditActor.admin(actor),
                                        AuditAction.RECONCILIATION_STARTED,
                                        "reconciliation:" + run.get().id(),
                                        null,
                                        null,
                                        origin));
                    }
                    return run;
                });
    }

    /** Starts the run of a night, once however many ask. */
    public Optional<RunRow> startNightly(LocalDate night) {
        return transactions.call(tx -> store.start(tx, "NIGHTLY", night, now()));
    }

    /** When the last nightly run that is done began, or the first of all if none is. */
    Optional<Instant> lastNightDone() {
        return transactions.call(store::lastNightDone);
    }

    /**
     * Asks for the next page of the oldest run that is not asked through. @return whether any is
     */
    public boolean askForOnePage() {
        boolean asked = transactions.call(this::ask);
        if (asked) {
            events.committed();
        }
        return asked;
    }

    private boolean ask(Connection connection) throws SQLException {
        OptionalLong run = store.takeUnasked(connection);
        if (run.isEmpty()) {
            return false;
        }
        Instant now = now();
        List<Question> questions = store.next(connection, run.getAsLong(), PAGE);
        store.asked(connection, run.getAsLong(), questions, now);
        List<UserEvent> queries =
                questions.stream()
                        .<UserEvent>map(
                                question ->
                                        new CollateralQueried(
                                                question.user(),
                                                question.subaccount(),
                                                run.getAsLong(),
                                                question.ledgerTransactions(),
                                                now.toEpochMilli()))
                        .toList();
        events.publish(connection, queries);
        return true;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
