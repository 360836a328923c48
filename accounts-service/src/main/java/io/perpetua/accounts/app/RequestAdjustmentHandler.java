package io.perpetua.accounts.app;

import io.perpetua.accounts.app.ApprovalRequests.RequestOutcome;
import io.perpetua.accounts.app.ApprovalRequests.Wanted;
import io.perpetua.accounts.domain.approval.Adjustment;
import io.perpetua.accounts.domain.approval.ApprovalKind;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminUserStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Takes an administrator's request to adjust a balance, once under its external reference, for
 * another administrator to decide. Nothing moves yet.
 */
@ApplicationScoped
public class RequestAdjustmentHandler {
    private final ApprovalRequests requests;
    private final AdminUserStore users;
    private final AdminTransactions transactions;

    /** With what it reads and writes. */
    public RequestAdjustmentHandler(
            ApprovalRequests requests, AdminUserStore users, AdminTransactions transactions) {
        this.requests = requests;
        this.users = users;
        this.transactions = transactions;
    }

    /** An administrator's request; {@code reference} says what it settles outside the platform. */
    public record RequestAdjustment(
            long actor,
            Adjustment adjustment,
            String reason,
            String reference,
            AuditOrigin origin) {}

    /** Takes the request. */
    public RequestOutcome handle(RequestAdjustment command) {
        return transactions.call(command.actor(), tx -> take(tx, command));
    }

    private RequestOutcome take(Connection transaction, RequestAdjustment command)
            throws SQLException {
        Wanted wanted =
                new Wanted(
                        command.actor(),
                        ApprovalKind.ADJUSTMENT,
                        command.adjustment().subject(),
                        command.adjustment().content(),
                        command.reason(),
                        command.reference(),
                        command.origin());
        Optional<RequestOutcome> before = requests.before(transaction, wanted);
        if (before.isPresent()) {
            return before.get();
        }
        return users.holderOf(transaction, command.adjustment().subaccount()).isEmpty()
                ? new RequestOutcome.SubjectUnknown()
                : requests.take(transaction, wanted);
    }
}
