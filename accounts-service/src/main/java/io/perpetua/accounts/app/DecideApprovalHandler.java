package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.approval.ApprovalRules;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Has a second administrator approve or reject what another one asked for. Decision, effect, audit
 * entry and the event to risk are one commit, so that it takes effect once or not at all.
 */
@ApplicationScoped
public class DecideApprovalHandler {
    private final ApprovalStore approvals;
    private final AdminStore admins;
    private final AdjustBalance adjusting;
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public DecideApprovalHandler(
            ApprovalStore approvals,
            AdminStore admins,
            AdjustBalance adjusting,
            AuditTrail audit,
            UserEventPublisher events,
            AdminTransactions transactions,
            Clock clock) {
        this.approvals = approvals;
        this.admins = admins;
        this.adjusting = adjusting;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** An administrator's decision on another one's request. */
    public record DecideApproval(long actor, long approval, boolean approve, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface DecisionOutcome {
        /** It is decided so, now or before by the same administrator. */
        record Decided(ApprovalRow approval, boolean repeated) implements DecisionOutcome {}

        /** There is no such request. */
        record Unknown() implements DecisionOutcome {}

        /** A rule forbids it. */
        record Refused(ApprovalRefusal refusal) implements DecisionOutcome {}
    }

    /** Decides, and carries out what is approved. */
    public DecisionOutcome handle(DecideApproval command) {
        DecisionOutcome outcome = transactions.call(command.actor(), tx -> decide(tx, command));
        if (outcome instanceof DecisionOutcome.Decided decided && !decided.repeated()) {
            events.committed();
        }
        return outcome;
    }

    private DecisionOutcome decide(Connection transaction, DecideApproval command)
            throws SQLException {
        Optional<ApprovalRow> seen = approvals.find(transaction, command.approval());
        if (seen.isEmpty()) {
            return new DecisionOutcome.Unknown();
        }
        // The database lets nobody hold their own request, which the rules refuse anyway.
        ApprovalRow approval =
                seen.get().requestedBy() == command.actor()
                        ? seen.get()
                        : approvals.hold(transaction, command.approval()).orElseThrow();
        AdminRow requester = admins.find(transaction, approval.requestedBy()).orElseThrow();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return switch (ApprovalRules.decide(
                new ApprovalRules.Request(
                        approval.kind(),
                        approval.requestedBy(),
                        approval.state(),
                        approval.expiresAt(),
                        approval.decidedBy()),
                new ApprovalRules.Requester(requester.role(), requester.state()),
                command.actor(),
                command.approve(),
                now)) {
            case ApprovalRules.Decision.Refused refused ->
                    new DecisionOutcome.Refused(refused.refusal());
            case ApprovalRules.Decision.Repeated() -> new DecisionOutcome.Decided(approval, true);
            case ApprovalRules.Decision.Allowed() ->
                    command.approve()
                            ? approve(transaction, approval, command, now)
                            : reject(transaction, approval, command, now);
        };
    }

    private DecisionOutcome reject(
            Connection transaction, ApprovalRow approval, DecideApproval command, Instant now)
            throws SQLException {
        ApprovalRow rejected =
                approvals.decide(
                        transaction,
                        approval.id(),
                        ApprovalState.REJECTED,
                        command.actor(),
                        null,
                        now);
        audit.append(
                transaction,
                ApprovalStates.entry(
                        command.actor(),
                        AuditAction.APPROVAL_REJECTED,
                        approval,
                        rejected,
                        command.origin()));
        return new DecisionOutcome.Decided(rejected, false);
    }

    private DecisionOutcome approve(
            Connection transaction, ApprovalRow approval, DecideApproval command, Instant now)
            throws SQLException {
        Optional<AdjustBalance.CarriedOut> effect =
                switch (approval.kind()) {
                    case ADJUSTMENT ->
                            adjusting.carryOut(transaction, approval, command.actor(), now);
                };
        if (effect.isEmpty()) {
            return new DecisionOutcome.Refused(ApprovalRefusal.USER_CLOSING);
        }
        AdjustBalance.CarriedOut carriedOut = effect.get();
        audit.append(
                transaction,
                ApprovalStates.entry(
                        command.actor(),
                        AuditAction.APPROVAL_GRANTED,
                        approval,
                        carriedOut.approval(),
                        command.origin()));
        events.publish(transaction, List.of(carriedOut.event()));
        return new DecisionOutcome.Decided(carriedOut.approval(), false);
    }
}
