package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.domain.withdrawal.WithdrawalState;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.LedgerStore.Credited;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.accounts.persistence.WithdrawalStore.WithdrawalRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends a withdrawal in flight, once: what has arrived goes from in-flight to custody, what has
 * failed goes back to the customer, whose risk shard is told of the credit of collateral. State,
 * transaction and event are one commit.
 */
@ApplicationScoped
public class ConcludeWithdrawalHandler {
    private static final Logger LOG = Logger.getLogger(ConcludeWithdrawalHandler.class);

    private final WithdrawalStore withdrawals;
    private final LedgerStore ledger;
    private final ReturnWithdrawal returning;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;
    private final MeterRegistry metrics;

    /** With what it reads and writes. */
    public ConcludeWithdrawalHandler(
            WithdrawalStore withdrawals,
            LedgerStore ledger,
            ReturnWithdrawal returning,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock,
            MeterRegistry metrics) {
        this.withdrawals = withdrawals;
        this.ledger = ledger;
        this.returning = returning;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * What the custodian says of a withdrawal.
     *
     * @param failure why it failed; null when it has arrived
     */
    public record ConcludeWithdrawal(
            WithdrawalId withdrawal, @Nullable String reference, @Nullable String failure) {
        private WithdrawalState state() {
            return failure == null ? WithdrawalState.CONFIRMED : WithdrawalState.RETURNED;
        }
    }

    /** What became of it. */
    public sealed interface Conclusion {
        /** The withdrawal has ended so, now or before. */
        record Concluded(WithdrawalRow withdrawal) implements Conclusion {}

        /** It has ended otherwise, or was called off, or never handed to the custodian. */
        record Contradicted(WithdrawalRow withdrawal) implements Conclusion {}

        /** There is no such withdrawal. */
        record Unknown() implements Conclusion {}
    }

    /** Ends the withdrawal unless it has ended. */
    public Conclusion handle(ConcludeWithdrawal command) {
        Optional<UserId> holder =
                transactions.callPublic(tx -> withdrawals.holderOf(tx, command.withdrawal()));
        if (holder.isEmpty()) {
            return new Conclusion.Unknown();
        }
        Conclusion conclusion = transactions.call(holder.get(), tx -> conclude(tx, command));
        if (conclusion instanceof Conclusion.Contradicted contradicted) {
            LOG.errorf(
                    "the custodian says that withdrawal %s is %s, and it is %s",
                    command.withdrawal(), command.state(), contradicted.withdrawal().state());
        }
        if (command.failure() != null) {
            events.committed();
        }
        return conclusion;
    }

    private Conclusion conclude(Connection connection, ConcludeWithdrawal command)
            throws SQLException {
        WithdrawalRow withdrawal = withdrawals.lock(connection, command.withdrawal()).orElseThrow();
        if (!withdrawal.state().isInFlight() || withdrawal.cancelRequestedAt() != null) {
            return withdrawal.state() == command.state()
                    ? new Conclusion.Concluded(withdrawal)
                    : new Conclusion.Contradicted(withdrawal);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String failure = command.failure();
        WithdrawalRow finished =
                failure == null
                        ? confirm(connection, withdrawal, command.reference(), now)
                        : returning.giveBack(
                                connection, withdrawal, command.reference(), failure, null, now);
        metrics.counter("perpetua.accounts.withdrawals", "outcome", command.state().name())
                .increment();
        return new Conclusion.Concluded(finished);
    }

    private WithdrawalRow confirm(
            Connection connection,
            WithdrawalRow withdrawal,
            @Nullable String reference,
            Instant now)
            throws SQLException {
        WithdrawalRow confirmed =
                withdrawals.finish(
                        connection,
                        withdrawal.id(),
                        WithdrawalState.CONFIRMED,
                        reference,
                        null,
                        now);
        Asset asset = new Asset(withdrawal.asset());
        Credited account =
                ledger.append(connection, withdrawal.user(), withdrawal.subaccount(), asset);
        ledger.writeWithdrawal(
                connection,
                withdrawal.user(),
                withdrawal.subaccount(),
                LedgerTransaction.withdrawalConfirmed(asset, withdrawal.amount()),
                account,
                Objects.requireNonNull(withdrawal.settlementSequence()),
                withdrawal.id(),
                now);
        return confirmed;
    }
}
