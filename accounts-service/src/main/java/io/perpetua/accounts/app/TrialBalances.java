package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerReads.TrialRow;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trial balance, added up over every posting in one statement. As that takes longer the longer
 * the ledger is, one request at a time adds up, and its result serves all for ten times as long as
 * it took (at least a second): many readers cost the database no more than a tenth of one core.
 */
@ApplicationScoped
public class TrialBalances {
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(1);
    private static final int LIFE_PER_COST = 10;

    private final LedgerReads reads;
    private final UserTransactions transactions;
    private final Clock clock;
    private @Nullable TrialBalance newest;
    private Instant newestUntil = Instant.MIN;

    /** With the ledger. */
    public TrialBalances(LedgerReads reads, UserTransactions transactions, Clock clock) {
        this.reads = reads;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Every account's balance and postings as they were at {@code asOf}. */
    public record TrialBalance(Instant asOf, List<TrialRow> rows) {}

    /** A trial balance that is not older than its cost allows. */
    public synchronized TrialBalance current() {
        Instant start = clock.instant();
        TrialBalance known = newest;
        if (known != null && start.isBefore(newestUntil)) {
            return known;
        }
        TrialBalance fresh =
                new TrialBalance(
                        start.truncatedTo(ChronoUnit.MILLIS),
                        transactions.callPublic(reads::trialBalance));
        Instant end = clock.instant();
        Duration life = Duration.between(start, end).multipliedBy(LIFE_PER_COST);
        newest = fresh;
        newestUntil = end.plus(life.compareTo(SHORTEST_LIFE) < 0 ? SHORTEST_LIFE : life);
        return fresh;
    }
}
