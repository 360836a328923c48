package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.UserLifeStore.ClosingRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What became of a wish to leave, after a while in which it may end. Few can wait at once, since
 * each keeps a thread; the others are told at once how far it is.
 */
@ApplicationScoped
public class AwaitClosingQuery {
    private static final int MOST_WAITING = 8;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final UserLifeStore lives;
    private final UserTransactions transactions;
    private final Duration patience;
    private final Semaphore places = new Semaphore(MOST_WAITING);

    /** With where it looks. */
    public AwaitClosingQuery(
            UserLifeStore lives, UserTransactions transactions, AccountsConfig config) {
        this.lives = lives;
        this.transactions = transactions;
        this.patience = Duration.ofMillis(config.closingAnswerWithinMillis());
    }

    /** The closing as far as it has come, once it has ended or the time is over. */
    public ClosingRow await(UserId user, long closing) {
        long until = System.nanoTime() + patience.toNanos();
        ClosingRow row = look(user, closing);
        if (row.state().isFinal() || !places.tryAcquire()) {
            return row;
        }
        try {
            while (!row.state().isFinal() && System.nanoTime() < until) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
                row = look(user, closing);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
        return row;
    }

    private ClosingRow look(UserId user, long closing) {
        return transactions.call(user, tx -> lives.closing(tx, closing)).orElseThrow();
    }

    /** The user's last one. */
    public Optional<ClosingRow> last(UserId user) {
        return transactions.call(user, tx -> lives.lastClosing(tx, user));
    }
}
