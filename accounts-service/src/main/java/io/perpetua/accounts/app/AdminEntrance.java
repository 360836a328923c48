package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The second half of every administrator's sign-in: the one-time code, which is used up, and what
 * is written down of it.
 */
@ApplicationScoped
public class AdminEntrance {
    private static final String SERVICE = "accounts-service";

    private final AdminStore admins;
    private final AdminAttempts attempts;
    private final AdminCredentials credentials;
    private final AuditTrail audit;

    AdminEntrance(
            AdminStore admins,
            AdminAttempts attempts,
            AdminCredentials credentials,
            AuditTrail audit) {
        this.admins = admins;
        this.attempts = attempts;
        this.credentials = credentials;
        this.audit = audit;
    }

    /**
     * Lets one in who has proven to be the administrator otherwise; nothing when the code is not
     * theirs, was used, or they were changed meanwhile.
     *
     * @param proof what the audit log is to have of that; null for a password
     */
    Optional<AdminRow> open(
            Connection transaction,
            AdminRow known,
            String code,
            @Nullable String proof,
            AuditOrigin origin,
            Instant at)
            throws SQLException {
        AdminRow now = admins.hold(transaction, known.id()).orElseThrow();
        OptionalLong step = credentials.step(now, code, at);
        if (now.generation() != known.generation() || step.isEmpty()) {
            return Optional.empty();
        }
        AdminRow signedIn = now.signedIn(step.getAsLong(), at);
        admins.write(transaction, signedIn);
        attempts.signedIn(transaction, known.username(), origin, at);
        audit.append(
                transaction,
                new AuditEntry(
                        AuditActor.admin(now.id()),
                        AuditAction.ADMIN_SIGNED_IN,
                        "admin:" + now.id(),
                        null,
                        proof,
                        origin));
        return Optional.of(signedIn);
    }

    /** Writes down that somebody was refused; {@code subject} is whom they claimed to be. */
    long refused(Connection transaction, String subject, AuditOrigin origin) throws SQLException {
        return audit.append(
                transaction,
                new AuditEntry(
                        AuditActor.service(SERVICE),
                        AuditAction.ADMIN_SIGN_IN_REFUSED,
                        subject,
                        null,
                        null,
                        origin));
    }
}
