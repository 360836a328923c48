package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.AdminStore.AdminSecrets;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Makes an administrator, who enrols with the token that this hands out once. */
@ApplicationScoped
public class MakeAdminHandler {
    private final AdminStore admins;
    private final AdminCredentials credentials;
    private final AuditTrail audit;
    private final AdminTransactions transactions;
    private final Clock clock;
    private final int enrolmentSeconds;

    /** With what it reads and writes. */
    public MakeAdminHandler(
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

    /** A super-administrator's wish. */
    public record MakeAdmin(long actor, AdminName username, AdminRole role, AuditOrigin origin) {}

    /** An administrator and the token to enrol with. Never printed. */
    public record Enrolment(AdminRow admin, String token, Instant expiresAt) {
        @Override
        public String toString() {
            return "Enrolment[" + admin.username() + "]";
        }
    }

    /** Makes the administrator; nothing when the name is taken. */
    public Optional<Enrolment> handle(MakeAdmin command) {
        String token = credentials.newToken();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant expiresAt = now.plusSeconds(enrolmentSeconds);
        AdminSecrets secrets = AdminSecrets.enrolment(AdminCredentials.tokenHash(token), expiresAt);
        return transactions.call(
                command.actor(),
                tx -> {
                    Optional<AdminRow> made =
                            admins.add(tx, command.username(), command.role(), secrets, now);
                    if (made.isPresent()) {
                        audit.append(
                                tx,
                                AdminStates.entry(
                                        command.actor(),
                                        AuditAction.ADMIN_MADE,
                                        null,
                                        made.get(),
                                        command.origin()));
                    }
                    return made.map(admin -> new Enrolment(admin, token, expiresAt));
                });
    }
}
