package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.AdminStore.EnrolmentToken;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * Hands out a part of the token that an administrator enrols with: one to whoever asked for them,
 * one to whoever approved. Neither can enrol in the new one's name; they have it from both. A part
 * that is too old isn't made good by the other's: both are taken anew then.
 */
@ApplicationScoped
public class TakeEnrolmentPartHandler {
    private final ApprovalStore approvals;
    private final AdminStore admins;
    private final AdminCredentials credentials;
    private final AuditTrail audit;
    private final AdminTransactions transactions;
    private final Clock clock;
    private final int enrolmentSeconds;

    /** With what it reads and writes. */
    public TakeEnrolmentPartHandler(
            ApprovalStore approvals,
            AdminStore admins,
            AdminCredentials credentials,
            AuditTrail audit,
            AdminTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.approvals = approvals;
        this.admins = admins;
        this.credentials = credentials;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.enrolmentSeconds = config.adminEnrolmentSeconds();
    }

    /** The wish of one of the two. */
    public record TakeEnrolmentPart(long actor, long approval, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface PartOutcome {
        /** A part; the same one's earlier part is void. Never printed. */
        record Taken(AdminRow admin, String part, Instant expiresAt) implements PartOutcome {
            @Override
            public String toString() {
                return "Taken[" + admin.username() + "]";
            }
        }

        /** There is no such request. */
        record Unknown() implements PartOutcome {}

        /** Nobody is to enrol by it: it is not approved, no such thing, or they have. */
        record NobodyEnrols() implements PartOutcome {}

        /** It is neither the caller's request nor was it theirs to approve. */
        record NotOneOfTheTwo() implements PartOutcome {}
    }

    /** Makes the part anew. */
    public PartOutcome handle(TakeEnrolmentPart command) {
        String part = credentials.newToken();
        return transactions.call(command.actor(), tx -> take(tx, command, part));
    }

    private PartOutcome take(Connection transaction, TakeEnrolmentPart command, String part)
            throws SQLException {
        Optional<ApprovalRow> found = approvals.find(transaction, command.approval());
        if (found.isEmpty()) {
            return new PartOutcome.Unknown();
        }
        ApprovalRow approval = found.get();
        boolean asked = approval.requestedBy() == command.actor();
        if (!asked && !Objects.equals(approval.decidedBy(), command.actor())) {
            return new PartOutcome.NotOneOfTheTwo();
        }
        Optional<AdminRow> enrolling =
                admins.holdEnrolledBy(transaction, command.approval())
                        .filter(admin -> admin.state() == AdminState.ENROLLING);
        if (enrolling.isEmpty()) {
            return new PartOutcome.NobodyEnrols();
        }
        AdminRow before = enrolling.get();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant expiresAt = now.plusSeconds(enrolmentSeconds);
        byte[] hash = AdminCredentials.tokenHash(part);
        EnrolmentToken token = before.secrets().enrolment().at(now);
        AdminRow after =
                before.with(
                        AdminState.ENROLLING,
                        before.secrets()
                                .withEnrolment(
                                        asked
                                                ? token.withHash(hash, expiresAt)
                                                : token.withDeciderHash(hash, expiresAt)));
        admins.write(transaction, after);
        audit.append(
                transaction,
                AdminStates.partTaken(
                        command.actor(), before, after, asked ? 1 : 2, command.origin()));
        return new PartOutcome.Taken(after, part, expiresAt);
    }
}
