package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.ReconciliationStore;
import io.perpetua.accounts.persistence.ReconciliationStore.Question;
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
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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
    private final Clock clock;

    /** With where runs are kept. */
    public ReconcileHandler(
            ReconciliationStore store,
            UserEventPublisher events,
            ShardTransactions transactions,
            Clock clock) {
        this.store = store;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Starts a run now. @return its id */
    public long startOnDemand() {
        return start("ON_DEMAND", null).orElseThrow();
    }

    /** Starts the run of a night, once however many ask. */
    public OptionalLong startNightly(LocalDate night) {
        return start("NIGHTLY", night);
    }

    private OptionalLong start(String kind, @Nullable LocalDate night) {
        return transactions.call(tx -> store.start(tx, kind, night, now()));
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
