package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.approval.Adjustment;
import io.perpetua.accounts.domain.approval.ApprovalKind;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminUserStore;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import io.perpetua.accounts.persistence.ApprovalStore.NewApproval;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Takes an administrator's request to adjust a balance, once under its external reference, for
 * another administrator to decide. Nothing moves yet.
 */
@ApplicationScoped
public class RequestAdjustmentHandler {
    private final ApprovalStore approvals;
    private final AdminUserStore users;
    private final AuditTrail audit;
    private final AdminTransactions transactions;
    private final Clock clock;
    private final int openMost;
    private final int validSeconds;

    /** With what it reads and writes. */
    public RequestAdjustmentHandler(
            ApprovalStore approvals,
            AdminUserStore users,
            AuditTrail audit,
            AdminTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.approvals = approvals;
        this.users = users;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.openMost = config.approvalsOpenMax();
        this.validSeconds = config.approvalSeconds();
    }

    /** An administrator's request; {@code reference} says what it settles outside the platform. */
    public record RequestAdjustment(
            long actor,
            Adjustment adjustment,
            String reason,
            String reference,
            AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface AdjustmentOutcome {
        /** It waits for another administrator, or did so before under the same reference. */
        record Taken(ApprovalRow approval, boolean repeated) implements AdjustmentOutcome {}

        /** The reference stands for another adjustment. */
        record ReferenceReused() implements AdjustmentOutcome {}

        /** There is no such subaccount. */
        record AccountUnknown() implements AdjustmentOutcome {}

        /** As many requests as may be are open. */
        record TooManyOpen(int most) implements AdjustmentOutcome {}
    }

    /** Takes the request. */
    public AdjustmentOutcome handle(RequestAdjustment command) {
        return transactions.call(command.actor(), tx -> take(tx, command));
    }

    private AdjustmentOutcome take(Connection transaction, RequestAdjustment command)
            throws SQLException {
        approvals.passGate(transaction);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String content = command.adjustment().content();
        Optional<ApprovalRow> live =
                approvals.findLive(transaction, ApprovalKind.ADJUSTMENT, command.reference(), now);
        if (live.isPresent()) {
            return live.get().content().equals(content)
                    ? new AdjustmentOutcome.Taken(live.get(), true)
                    : new AdjustmentOutcome.ReferenceReused();
        }
        if (users.holderOf(transaction, command.adjustment().subaccount()).isEmpty()) {
            return new AdjustmentOutcome.AccountUnknown();
        }
        if (approvals.open(transaction, now) >= openMost) {
            return new AdjustmentOutcome.TooManyOpen(openMost);
        }
        ApprovalRow added =
                approvals.add(
                        transaction,
                        new NewApproval(
                                ApprovalKind.ADJUSTMENT,
                                command.adjustment().subject(),
                                content,
                                command.reason(),
                                command.reference(),
                                command.actor(),
                                now,
                                now.plusSeconds(validSeconds)));
        audit.append(
                transaction,
                ApprovalStates.entry(
                        command.actor(),
                        AuditAction.APPROVAL_REQUESTED,
                        null,
                        added,
                        command.origin()));
        return new AdjustmentOutcome.Taken(added, false);
    }
}
