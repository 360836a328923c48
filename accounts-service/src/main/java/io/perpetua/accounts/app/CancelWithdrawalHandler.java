package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.withdrawal.WithdrawalCancel;
import io.perpetua.accounts.domain.withdrawal.WithdrawalState;
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
import java.util.Map;
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
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;
    private final MeterRegistry metrics;

    /** With what it reads and writes. */
    public CancelWithdrawalHandler(
            WithdrawalStore withdrawals,
            ReturnWithdrawal returning,
            AuditTrail audit,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock,
            MeterRegistry metrics) {
        this.withdrawals = withdrawals;
        this.returning = returning;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** A user's wish, or the repeat of one that was noted. */
    public record CancelWithdrawal(UserId user, WithdrawalId withdrawal, AuditOrigin origin) {}

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
            case NOTE -> {
                if (isNoted) {
                    yield new CancelOutcome.Cancelled(withdrawal);
                }
                WithdrawalRow noted = withdrawals.noteCancel(connection, withdrawal.id(), now);
                audit.append(connection, entry(command, withdrawal, withdrawal.state()));
                yield new CancelOutcome.Cancelled(noted);
            }
            case GIVE_BACK -> {
                AuditEntry entry = null;
                if (!isNoted) {
                    withdrawals.noteCancel(connection, withdrawal.id(), now);
                    entry = entry(command, withdrawal, WithdrawalState.RETURNED);
                }
                WithdrawalRow returned =
                        returning.giveBack(connection, withdrawal, null, REASON, entry, now);
                metrics.counter("perpetua.accounts.withdrawals", "outcome", "CANCELLED")
                        .increment();
                yield new CancelOutcome.Cancelled(returned);
            }
            case DONE -> new CancelOutcome.Cancelled(withdrawal);
            case TOO_LATE -> new CancelOutcome.TooLate(withdrawal);
        };
    }

    private static AuditEntry entry(
            CancelWithdrawal command, WithdrawalRow withdrawal, WithdrawalState after) {
        return new AuditEntry(
                AuditActor.user(command.user()),
                AuditAction.WITHDRAWAL_CANCELLED,
                RequestWithdrawalHandler.subject(withdrawal.id()),
                state(withdrawal.state(), false),
                state(after, true),
                command.origin());
    }

    private static String state(WithdrawalState state, boolean isCancelled) {
        return CanonicalJson.of(Map.of("state", state, "cancelled", isCancelled));
    }
}
