package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.approval.ApprovalKind;
import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.approval.ApprovalRules;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import io.perpetua.accounts.persistence.ApprovalStore.Decider;
import io.perpetua.accounts.persistence.ApprovalStore.NewApproval;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Takes requests for what takes two administrators: each once under its reference, and not too many
 * at a time. Of whoever is disabled or is to enrol anew none stays open: it may not have been them
 * who asked.
 */
@ApplicationScoped
public class ApprovalRequests {
    private final ApprovalStore approvals;
    private final AdminStore admins;
    private final AuditTrail audit;
    private final Clock clock;
    private final int openMost;
    private final int validSeconds;

    /** With what it reads and writes. */
    public ApprovalRequests(
            ApprovalStore approvals,
            AdminStore admins,
            AuditTrail audit,
            Clock clock,
            AccountsConfig config) {
        this.approvals = approvals;
        this.admins = admins;
        this.audit = audit;
        this.clock = clock;
        this.openMost = config.approvalsOpenMax();
        this.validSeconds = config.approvalSeconds();
    }

    /**
     * What an administrator asks for.
     *
     * @param reference what it settles outside the platform; makes a repeat harmless
     */
    public record Wanted(
            long actor,
            ApprovalKind kind,
            String subject,
            String content,
            String reason,
            String reference,
            AuditOrigin origin) {}

    /** What became of a request. */
    public sealed interface RequestOutcome {
        /** It waits for another administrator, or did so before under the same reference. */
        record Taken(ApprovalRow approval, boolean repeated) implements RequestOutcome {}

        /** The reference stands for another request. */
        record ReferenceReused() implements RequestOutcome {}

        /** What it is about does not exist. */
        record SubjectUnknown() implements RequestOutcome {}

        /** The platform keeps no such asset, and the subaccount has no account of it. */
        record AssetNotKept(Asset asset, List<String> allowed) implements RequestOutcome {}

        /** As many requests as may be are open. */
        record TooManyOpen(int most) implements RequestOutcome {}

        /** It could not be approved as things are. */
        record Forbidden(ApprovalRefusal refusal) implements RequestOutcome {}
    }

    /** What became of it before; holds others up until the transaction ends. */
    Optional<RequestOutcome> before(Connection transaction, Wanted wanted) throws SQLException {
        approvals.passGate(transaction);
        return approvals
                .findLive(transaction, wanted.kind(), wanted.reference(), now())
                .map(
                        live ->
                                live.content().equals(wanted.content())
                                        ? new RequestOutcome.Taken(live, true)
                                        : new RequestOutcome.ReferenceReused());
    }

    /** Takes it, after {@link #before}. */
    RequestOutcome take(Connection transaction, Wanted wanted) throws SQLException {
        Instant now = now();
        AdminRow asking = admins.find(transaction, wanted.actor()).orElseThrow();
        if (!ApprovalRules.mayAsk(
                wanted.kind(), new ApprovalRules.Requester(asking.role(), asking.state()))) {
            return new RequestOutcome.Forbidden(ApprovalRefusal.REQUESTER_NOT_ENTITLED);
        }
        if (approvals.open(transaction, now) >= openMost) {
            return new RequestOutcome.TooManyOpen(openMost);
        }
        ApprovalRow added =
                approvals.add(
                        transaction,
                        new NewApproval(
                                wanted.kind(),
                                wanted.subject(),
                                wanted.content(),
                                wanted.reason(),
                                wanted.reference(),
                                wanted.actor(),
                                now,
                                now.plusSeconds(validSeconds)));
        audit.append(
                transaction,
                ApprovalStates.entry(
                        wanted.actor(),
                        AuditAction.APPROVAL_REQUESTED,
                        null,
                        added,
                        wanted.origin()));
        return new RequestOutcome.Taken(added, false);
    }

    /**
     * Rejects what an administrator has asked for and nobody has decided. The database lets nobody
     * decide on their own: of those who disable themselves it stays, to be rejected when another
     * one lets them enrol anew. Whoever calls it has passed the gate.
     */
    void rejectAllOf(Connection transaction, long gone, long actor, AuditOrigin origin)
            throws SQLException {
        if (gone == actor) {
            return;
        }
        Instant now = now();
        for (ApprovalRow open : approvals.holdOpenOf(transaction, gone, now)) {
            ApprovalRow rejected =
                    approvals.decide(
                            transaction,
                            open.id(),
                            ApprovalState.REJECTED,
                            new Decider(actor, false),
                            null,
                            now);
            audit.append(
                    transaction,
                    ApprovalStates.entry(
                            actor, AuditAction.APPROVAL_REJECTED, open, rejected, origin));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
