package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.Password;
import io.perpetua.accounts.domain.admin.Totp;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.AdminStore.EnrolmentToken;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Enrols an administrator in two steps, by a token whose parts two administrators handed out or,
 * for the very first, by the operator's secret: they choose a password and get a secret of one-time
 * codes, then confirm it with a code, which uses the token up.
 */
@ApplicationScoped
public class EnrolAdminHandler {
    private final AdminStore admins;
    private final AdminAttempts attempts;
    private final AdminCredentials credentials;
    private final BootstrapSecret bootstrap;
    private final AuditTrail audit;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public EnrolAdminHandler(
            AdminStore admins,
            AdminAttempts attempts,
            AdminCredentials credentials,
            BootstrapSecret bootstrap,
            AuditTrail audit,
            AdminTransactions transactions,
            Clock clock) {
        this.admins = admins;
        this.attempts = attempts;
        this.credentials = credentials;
        this.bootstrap = bootstrap;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * One of the two steps.
     *
     * @param password the one chosen, in the first step
     * @param code of the new secret, in the second
     */
    public record EnrolAdmin(
            AdminName username,
            String token,
            @Nullable Password password,
            @Nullable String code,
            AuditOrigin origin) {
        @Override
        public String toString() {
            return "EnrolAdmin[" + username + "]";
        }
    }

    /** What became of it. */
    public sealed interface EnrolmentOutcome {
        /** The first step is done. Never printed. */
        record Begun(String totpUri) implements EnrolmentOutcome {
            @Override
            public String toString() {
                return "Begun[]";
            }
        }

        /** Both are: the administrator can sign in. */
        record Confirmed(AdminRow admin) implements EnrolmentOutcome {}

        /** Name, token or code is wrong, or the token is too old. */
        record Refused() implements EnrolmentOutcome {}

        /** Not looked at: too many attempts have failed. */
        record Blocked(Duration remaining) implements EnrolmentOutcome {}
    }

    /** Counts the attempt, then judges it. */
    public EnrolmentOutcome handle(EnrolAdmin command) {
        Duration wait = attempts.take(command.username(), command.origin());
        if (wait.isPositive()) {
            return new EnrolmentOutcome.Blocked(wait);
        }
        Optional<AdminRow> enrolling = enrolling(command);
        if (enrolling.isEmpty()) {
            return new EnrolmentOutcome.Refused();
        }
        AdminRow known = enrolling.get();
        Password password = command.password();
        String hash = password == null ? null : credentials.hash(password);
        return transactions.call(
                known.id(),
                tx -> {
                    AdminRow now = admins.hold(tx, known.id()).orElseThrow();
                    if (now.generation() != known.generation()) {
                        return new EnrolmentOutcome.Refused();
                    }
                    return hash == null ? confirm(tx, now, command) : begin(tx, now, hash, command);
                });
    }

    private Optional<AdminRow> enrolling(EnrolAdmin command) {
        byte[] hash = AdminCredentials.tokenHash(command.token());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        boolean isFirst = command.password() != null && bootstrap.is(command.token());
        return transactions.callNameless(
                tx -> {
                    if (isFirst) {
                        admins.addFirst(tx, command.username(), hash, now);
                    }
                    return admins.named(tx, command.username())
                            .filter(admin -> isEnrolledBy(admin, command.token(), now));
                });
    }

    private static boolean isEnrolledBy(AdminRow admin, String token, Instant now) {
        EnrolmentToken expected = admin.secrets().enrolment();
        Instant expiry = expected.expiresAt();
        return admin.state() == AdminState.ENROLLING
                && AdminCredentials.isToken(token, expected)
                && (expiry == null || now.isBefore(expiry));
    }

    private EnrolmentOutcome begin(
            Connection transaction, AdminRow admin, String passwordHash, EnrolAdmin command)
            throws SQLException {
        Totp totp = credentials.newTotp();
        AdminRow begun =
                admin.with(
                        AdminState.ENROLLING,
                        admin.secrets().chosen(passwordHash, credentials.seal(totp, admin.id())));
        admins.write(transaction, begun);
        attempts.takeBack(transaction, command.username(), command.origin());
        audit.append(
                transaction,
                AdminStates.entry(
                        admin.id(), AuditAction.ADMIN_CHANGED, admin, begun, command.origin()));
        return new EnrolmentOutcome.Begun(totp.uri(admin.username()));
    }

    private EnrolmentOutcome confirm(Connection transaction, AdminRow admin, EnrolAdmin command)
            throws SQLException {
        String code = command.code() == null ? "" : command.code();
        OptionalLong step = credentials.step(admin, code, clock.instant());
        if (step.isEmpty()) {
            return new EnrolmentOutcome.Refused();
        }
        AdminRow confirmed =
                admin.with(AdminState.ACTIVE, admin.secrets().confirmed(step.getAsLong()));
        admins.write(transaction, confirmed);
        attempts.forget(transaction, command.username(), command.origin());
        audit.append(
                transaction,
                AdminStates.entry(
                        admin.id(), AuditAction.ADMIN_CHANGED, admin, confirmed, command.origin()));
        return new EnrolmentOutcome.Confirmed(confirmed);
    }
}
