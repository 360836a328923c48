package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.ExternalIdentity;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.AdminStore.AdminSecrets;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes another administrator's role, disables them, or takes their secrets away so that they
 * enrol anew. One super-administrator who can sign in always remains.
 */
@ApplicationScoped
public class ChangeAdminHandler {
    private final AdminStore admins;
    private final AdminCredentials credentials;
    private final AuditTrail audit;
    private final AdminTransactions transactions;
    private final Clock clock;
    private final int enrolmentSeconds;

    /** With what it reads and writes. */
    public ChangeAdminHandler(
            AdminStore admins,
            AdminCredentials credentials,
            AuditTrail audit,
            AdminTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.admins = admins;
        this.credentials = credentials;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.enrolmentSeconds = config.adminEnrolmentSeconds();
    }

    /** What is to change. */
    public sealed interface Change {
        /** The role. */
        record Role(AdminRole role) implements Change {}

        /** They can't sign in any more. */
        record Disable() implements Change {}

        /** Whatever signs them in is void, and a new enrolment token is handed out. */
        record Reset() implements Change {}

        /** Who they are to the OpenID provider; null for nobody. */
        record Identity(@Nullable ExternalIdentity identity) implements Change {}
    }

    /** A super-administrator's wish. */
    public record ChangeAdmin(long actor, long admin, Change change, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface ChangeOutcome {
        /** Done; with the token and its end, after a reset. Never printed. */
        record Changed(AdminRow admin, @Nullable String token, @Nullable Instant expiresAt)
                implements ChangeOutcome {
            @Override
            public String toString() {
                return "Changed[" + admin.username() + "]";
            }
        }

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
        List<AdminRow> supers = admins.holdActiveSuperAdmins(transaction);
        Optional<AdminRow> found = admins.hold(transaction, command.admin());
        if (found.isEmpty()) {
            return new ChangeOutcome.Unknown();
        }
        AdminRow before = found.get();
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
        ChangeOutcome.Changed changed = changed(before, command.change());
        admins.write(transaction, changed.admin());
        audit.append(
                transaction,
                AdminStates.entry(
                        command.actor(),
                        AuditAction.ADMIN_CHANGED,
                        before,
                        changed.admin(),
                        command.origin()));
        return changed;
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

    private ChangeOutcome.Changed changed(AdminRow before, Change change) {
        return switch (change) {
            case Change.Identity other ->
                    new ChangeOutcome.Changed(
                            before.with(
                                    before.state(),
                                    before.secrets().withIdentity(other.identity())),
                            null,
                            null);
            case Change.Role role ->
                    new ChangeOutcome.Changed(before.inRole(role.role()), null, null);
            case Change.Disable _ ->
                    new ChangeOutcome.Changed(
                            before.with(AdminState.DISABLED, AdminSecrets.NONE), null, null);
            case Change.Reset _ -> {
                String token = credentials.newToken();
                Instant expiresAt =
                        clock.instant()
                                .truncatedTo(ChronoUnit.MILLIS)
                                .plusSeconds(enrolmentSeconds);
                AdminSecrets secrets =
                        AdminSecrets.enrolment(AdminCredentials.tokenHash(token), expiresAt);
                yield new ChangeOutcome.Changed(
                        before.with(AdminState.ENROLLING, secrets), token, expiresAt);
            }
        };
    }
}
