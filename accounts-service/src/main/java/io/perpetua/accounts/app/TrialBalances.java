package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerReads.TrialRow;
import io.perpetua.edge.Pause;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The trial balance, added up over every posting in one statement. As that takes longer the longer
 * the ledger is, one request at a time adds up, and its result serves all for ten times as long as
 * it took (at least a second): many readers cost the database no more than a tenth of one core.
 * Nobody waits for another's: meanwhile, and for some seconds after a failure, the last result
 * serves, however old it is.
 */
@ApplicationScoped
public class TrialBalances {
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(1);
    private static final Pause AFTER_FAILURE = new Pause(Duration.ofSeconds(10));
    private static final int LIFE_PER_COST = 10;

    private final LedgerReads reads;
    private final UserTransactions transactions;
    private final Clock clock;
    private final ReentrantLock adding = new ReentrantLock();
    private volatile Last last = new Last(null, Instant.MIN, AFTER_FAILURE);

    /** With the ledger. */
    public TrialBalances(LedgerReads reads, UserTransactions transactions, Clock clock) {
        this.reads = reads;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Every account's balance and postings as they were at {@code asOf}. */
    public record TrialBalance(Instant asOf, List<TrialRow> rows) {}

    /** The last result, null before the first, and how long since when nobody adds up anew. */
    private record Last(@Nullable TrialBalance balance, Instant since, Pause life) {
        boolean isOver(Instant now) {
            return life.isOver(since, now);
        }
    }

    /**
     * A trial balance that is not older than its cost allows, or than the one that is on its way.
     *
     * @throws io.perpetua.edge.ProblemException 503 when there is none yet
     */
    public TrialBalance current() {
        if (!last.isOver(clock.instant()) || !adding.tryLock()) {
            return known();
        }
        try {
            return last.isOver(clock.instant()) ? addUp() : known();
        } finally {
            adding.unlock();
        }
    }

    private TrialBalance known() {
        TrialBalance known = last.balance;
        if (known == null) {
            throw Problem.of(
                            503,
                            "TRIAL_BALANCE_PENDING",
                            "the ledger is being added up; repeat the request")
                    .exception();
        }
        return known;
    }

    private TrialBalance addUp() {
        Instant start = clock.instant();
        List<TrialRow> rows;
        try {
            rows = transactions.callPublic(reads::trialBalance);
        } catch (RuntimeException failed) {
            last = new Last(last.balance, clock.instant(), AFTER_FAILURE);
            throw failed;
        }
        TrialBalance fresh = new TrialBalance(start.truncatedTo(ChronoUnit.MILLIS), rows);
        Instant end = clock.instant();
        Duration life = Duration.between(start, end).multipliedBy(LIFE_PER_COST);
        boolean isShort = life.compareTo(SHORTEST_LIFE) < 0;
        last = new Last(fresh, end, new Pause(isShort ? SHORTEST_LIFE : life));
        return fresh;
    }
}
