package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.domain.withdrawal.WithdrawalCancel;
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
import java.util.Optional;

/**
 * Calls a withdrawal off for its user, as long as the custodian can't have been told of it. The
 * withdrawal's row decides between this and {@link WithdrawalSender}: whoever holds it first wins.
 */
@ApplicationScoped
public class CancelWithdrawalHandler {
    private static final String REASON = "cancelled by its user";

    private final WithdrawalStore withdrawals;
    private final ReturnWithdrawal returning;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;
    private final MeterRegistry metrics;

    /** With what it reads and writes. */
    public CancelWithdrawalHandler(
            WithdrawalStore withdrawals,
            ReturnWithdrawal returning,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock,
            MeterRegistry metrics) {
        this.withdrawals = withdrawals;
        this.returning = returning;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** A user's wish. */
    public record CancelWithdrawal(UserId user, WithdrawalId withdrawal) {}

    /** What became of it. */
    public sealed interface CancelOutcome {
        /** It is called off, now or before, or will be as soon as risk has decided. */
        record Cancelled(WithdrawalRow withdrawal) implements CancelOutcome {}

        /** The custodian may have been told of it, or it has ended otherwise. */
        record TooLate(WithdrawalRow withdrawal) implements CancelOutcome {}

        /** The user has no such withdrawal. */
        record Unknown() implements CancelOutcome {}
    }

    /** Calls the withdrawal off unless it is too late. */
    public CancelOutcome handle(CancelWithdrawal command) {
        CancelOutcome outcome = transactions.call(command.user(), tx -> cancel(tx, command));
        events.committed();
        return outcome;
    }

    private CancelOutcome cancel(Connection connection, CancelWithdrawal command)
            throws SQLException {
        Optional<WithdrawalRow> found = withdrawals.lock(connection, command.withdrawal());
        if (found.isEmpty()) {
            return new CancelOutcome.Unknown();
        }
        WithdrawalRow withdrawal = found.get();
        boolean isNoted = withdrawal.cancelRequestedAt() != null;
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return switch (WithdrawalCancel.decide(
                withdrawal.state(), withdrawal.attempts(), isNoted)) {
            case NOTE ->
                    new CancelOutcome.Cancelled(
                            isNoted
                                    ? withdrawal
                                    : withdrawals.noteCancel(connection, withdrawal.id(), now));
            case GIVE_BACK -> {
                if (!isNoted) {
                    withdrawals.noteCancel(connection, withdrawal.id(), now);
                }
                WithdrawalRow returned =
                        returning.giveBack(connection, withdrawal, null, REASON, now);
                metrics.counter("perpetua.accounts.withdrawals", "outcome", "CANCELLED")
                        .increment();
                yield new CancelOutcome.Cancelled(returned);
            }
            case DONE -> new CancelOutcome.Cancelled(withdrawal);
            case TOO_LATE -> new CancelOutcome.TooLate(withdrawal);
        };
    }
}
