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
import io.perpetua.accounts.persistence.ApprovalStore.Decider;
import io.perpetua.contracts.accounts.UserEvent;
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
    private final ChangeAdmins changing;
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public DecideApprovalHandler(
            ApprovalStore approvals,
            AdminStore admins,
            AdjustBalance adjusting,
            ChangeAdmins changing,
            AuditTrail audit,
            UserEventPublisher events,
            AdminTransactions transactions,
            Clock clock) {
        this.approvals = approvals;
        this.admins = admins;
        this.adjusting = adjusting;
        this.changing = changing;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What an administrator says. */
    public enum Verdict {
        /** To another one's request: do it. */
        APPROVE,
        /** To another one's request: don't. */
        REJECT,
        /** To their own, with the operator's secret: do it. */
        APPROVE_AS_OPERATOR
    }

    /** An administrator's decision on a request. */
    public record DecideApproval(long actor, long approval, Verdict verdict, AuditOrigin origin) {
        Decider decider() {
            return new Decider(actor, verdict == Verdict.APPROVE_AS_OPERATOR);
        }
    }

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
        approvals.passGate(transaction);
        // The database lets nobody hold what they can't decide on, which the rules refuse anyway.
        ApprovalRow approval = approvals.hold(transaction, command.approval()).orElse(seen.get());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return switch (judge(transaction, approval, command, now)) {
            case ApprovalRules.Decision.Refused refused ->
                    new DecisionOutcome.Refused(refused.refusal());
            case ApprovalRules.Decision.Repeated() -> new DecisionOutcome.Decided(approval, true);
            case ApprovalRules.Decision.Allowed() ->
                    command.verdict() == Verdict.REJECT
                            ? reject(transaction, approval, command, now)
                            : approve(transaction, approval, command, now);
        };
    }

    private ApprovalRules.Decision judge(
            Connection transaction, ApprovalRow approval, DecideApproval command, Instant now)
            throws SQLException {
        AdminRow requester = admins.find(transaction, approval.requestedBy()).orElseThrow();
        ApprovalRules.Request request =
                new ApprovalRules.Request(
                        approval.kind(),
                        approval.subject(),
                        approval.requestedBy(),
                        approval.state(),
                        approval.expiresAt(),
                        approval.decidedBy());
        ApprovalRules.Requester asking =
                new ApprovalRules.Requester(requester.role(), requester.state());
        return command.verdict() == Verdict.APPROVE_AS_OPERATOR
                ? ApprovalRules.approveAsOperator(
                        request,
                        asking,
                        command.actor(),
                        approvals.anotherMayDecide(transaction, approval),
                        now)
                : ApprovalRules.decide(
                        request,
                        asking,
                        command.actor(),
                        command.verdict() == Verdict.APPROVE,
                        now);
    }

    private DecisionOutcome reject(
            Connection transaction, ApprovalRow approval, DecideApproval command, Instant now)
            throws SQLException {
        ApprovalRow rejected =
                approvals.decide(
                        transaction,
                        approval.id(),
                        ApprovalState.REJECTED,
                        command.decider(),
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
        ApprovalEffect effect =
                switch (approval.kind()) {
                    case ADJUSTMENT ->
                            adjusting.carryOut(transaction, approval, command.decider(), now);
                    case ADMIN_MAKING, ADMIN_PROMOTION, ADMIN_RESET ->
                            changing.carryOut(
                                    transaction,
                                    approval,
                                    command.decider(),
                                    command.origin(),
                                    now);
                };
        return switch (effect) {
            case ApprovalEffect.Forbidden forbidden ->
                    new DecisionOutcome.Refused(forbidden.refusal());
            case ApprovalEffect.CarriedOut carriedOut ->
                    granted(transaction, approval, carriedOut, command);
        };
    }

    private DecisionOutcome granted(
            Connection transaction,
            ApprovalRow approval,
            ApprovalEffect.CarriedOut carriedOut,
            DecideApproval command)
            throws SQLException {
        audit.append(
                transaction,
                ApprovalStates.entry(
                        command.actor(),
                        AuditAction.APPROVAL_GRANTED,
                        approval,
                        carriedOut.approval(),
                        command.origin()));
        UserEvent event = carriedOut.event();
        if (event != null) {
            events.publish(transaction, List.of(event));
        }
        return new DecisionOutcome.Decided(carriedOut.approval(), false);
    }
}
