package io.perpetua.accounts.app;

import io.perpetua.accounts.app.ApprovalRequests.RequestOutcome;
import io.perpetua.accounts.app.ApprovalRequests.Wanted;
import io.perpetua.accounts.domain.approval.AdminChange;
import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Takes a super-administrator's request to make, promote or reset an administrator, for another one
 * to decide. Nothing changes yet.
 */
@ApplicationScoped
public class RequestAdminChangeHandler {
    private final ApprovalRequests requests;
    private final ChangeAdmins changes;
    private final AdminStore admins;
    private final AdminTransactions transactions;

    /** With what it reads and writes. */
    public RequestAdminChangeHandler(
            ApprovalRequests requests,
            ChangeAdmins changes,
            AdminStore admins,
            AdminTransactions transactions) {
        this.requests = requests;
        this.changes = changes;
        this.admins = admins;
        this.transactions = transactions;
    }

    /** A super-administrator's request; {@code reference} makes a repeat of it harmless. */
    public record RequestAdminChange(
            long actor, AdminChange change, String reason, String reference, AuditOrigin origin) {}

    /** Takes the request; whether it can still be done is seen again when it is approved. */
    public RequestOutcome handle(RequestAdminChange command) {
        return transactions.call(command.actor(), tx -> take(tx, command));
    }

    private RequestOutcome take(Connection transaction, RequestAdminChange command)
            throws SQLException {
        AdminChange change = command.change();
        Wanted wanted =
                new Wanted(
                        command.actor(),
                        change.kind(),
                        change.subject(),
                        change.content(),
                        command.reason(),
                        command.reference(),
                        command.origin());
        Optional<RequestOutcome> before = requests.before(transaction, wanted);
        if (before.isPresent()) {
            return before.get();
        }
        if (!isOfSomebody(transaction, change)) {
            return new RequestOutcome.SubjectUnknown();
        }
        Optional<ApprovalRefusal> refusal = changes.refusal(transaction, change, command.actor());
        return refusal.isPresent()
                ? new RequestOutcome.Forbidden(refusal.get())
                : requests.take(transaction, wanted);
    }

    private boolean isOfSomebody(Connection transaction, AdminChange change) throws SQLException {
        return switch (change) {
            case AdminChange.Making _ -> true;
            case AdminChange.Promotion promotion ->
                    admins.find(transaction, promotion.admin()).isPresent();
            case AdminChange.Reset reset -> admins.find(transaction, reset.admin()).isPresent();
        };
    }
}
