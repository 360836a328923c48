package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.ExternalIdentity;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.AdminStore.AdminSecrets;
import io.perpetua.accounts.persistence.ApprovalStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does to an administrator what one suffices for: takes permissions away, disables them, or says
 * who they are to the OpenID provider. One super-administrator who can sign in always remains.
 */
@ApplicationScoped
public class ChangeAdminHandler {
    private final AdminStore admins;
    private final ApprovalStore approvals;
    private final ApprovalRequests requests;
    private final AuditTrail audit;
    private final AdminTransactions transactions;

    /** With what it reads and writes. */
    public ChangeAdminHandler(
            AdminStore admins,
            ApprovalStore approvals,
            ApprovalRequests requests,
            AuditTrail audit,
            AdminTransactions transactions) {
        this.admins = admins;
        this.approvals = approvals;
        this.requests = requests;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** What is to change. */
    public sealed interface Change {
        /** A role that may do nothing more. */
        record Role(AdminRole role) implements Change {}

        /** They can't sign in any more. */
        record Disable() implements Change {}

        /** Who they are to the OpenID provider; null for nobody. */
        record Identity(@Nullable ExternalIdentity identity) implements Change {}
    }

    /** A super-administrator's wish. */
    public record ChangeAdmin(long actor, long admin, Change change, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface ChangeOutcome {
        /** Done. */
        record Changed(AdminRow admin) implements ChangeOutcome {}

        /** It would let them do more, which takes two administrators. */
        record TakesTwo() implements ChangeOutcome {}

        /** There is no such administrator. */
        record Unknown() implements ChangeOutcome {}

        /** Nobody would be left who may do everything. */
        record LastSuperAdmin() implements ChangeOutcome {}

        /** The identity is another administrator's. */
        record IdentityTaken() implements ChangeOutcome {}
    }

    /** Changes the administrator, unless it is the last that may not be. */
    public ChangeOutcome handle(ChangeAdmin command) {
        return transactions.call(command.actor(), tx -> change(tx, command));
    }

    private ChangeOutcome change(Connection transaction, ChangeAdmin command) throws SQLException {
        approvals.passGate(transaction);
        List<AdminRow> supers = admins.holdActiveSuperAdmins(transaction);
        Optional<AdminRow> found = admins.hold(transaction, command.admin());
        if (found.isEmpty()) {
            return new ChangeOutcome.Unknown();
        }
        AdminRow before = found.get();
        if (command.change() instanceof Change.Role role
                && role.role().mayMoreThan(before.role())) {
            return new ChangeOutcome.TakesTwo();
        }
        boolean isLast = supers.size() == 1 && supers.getFirst().id() == before.id();
        boolean staysSuper =
                command.change() instanceof Change.Identity
                        || (command.change() instanceof Change.Role role
                                && role.role() == AdminRole.SUPER_ADMIN);
        if (isLast && !staysSuper) {
            return new ChangeOutcome.LastSuperAdmin();
        }
        if (isTaken(transaction, before, command.change())) {
            return new ChangeOutcome.IdentityTaken();
        }
        AdminRow after = changed(before, command.change());
        admins.write(transaction, after);
        audit.append(
                transaction,
                AdminStates.entry(
                        command.actor(),
                        AuditAction.ADMIN_CHANGED,
                        before,
                        after,
                        command.origin()));
        if (command.change() instanceof Change.Disable) {
            requests.rejectAllOf(transaction, before.id(), command.actor(), command.origin());
        }
        return new ChangeOutcome.Changed(after);
    }

    /** Whoever changes administrators holds all who may do so, and so waits for each other. */
    private boolean isTaken(Connection transaction, AdminRow before, Change change)
            throws SQLException {
        ExternalIdentity wanted = change instanceof Change.Identity other ? other.identity() : null;
        return wanted != null
                && admins.identified(transaction, wanted)
                        .filter(holder -> holder.id() != before.id())
                        .isPresent();
    }

    private static AdminRow changed(AdminRow before, Change change) {
        return switch (change) {
            case Change.Identity other ->
                    before.with(before.state(), before.secrets().withIdentity(other.identity()));
            case Change.Role role -> before.inRole(role.role(), before.approvals());
            case Change.Disable _ -> before.with(AdminState.DISABLED, AdminSecrets.NONE);
        };
    }
}
