package io.perpetua.accounts.app;

import io.perpetua.accounts.app.AdminTokens.IssuedAdminToken;
import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.Password;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Signs an administrator in by password and one-time code. Whatever is wrong, the refusal is the
 * same and takes as long.
 */
@ApplicationScoped
public class AdminSignInHandler {
    private static final String SERVICE = "accounts-service";

    private final AdminStore admins;
    private final AdminAttempts attempts;
    private final AdminCredentials credentials;
    private final AdminTokens tokens;
    private final AuditTrail audit;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public AdminSignInHandler(
            AdminStore admins,
            AdminAttempts attempts,
            AdminCredentials credentials,
            AdminTokens tokens,
            AuditTrail audit,
            AdminTransactions transactions,
            Clock clock) {
        this.admins = admins;
        this.attempts = attempts;
        this.credentials = credentials;
        this.tokens = tokens;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Who somebody claims to be, and what they prove it by. */
    public record AdminSignIn(
            AdminName username, Password password, String code, AuditOrigin origin) {
        @Override
        public String toString() {
            return "AdminSignIn[" + username + "]";
        }
    }

    /** What became of it. */
    public sealed interface AdminSignInOutcome {
        /** Signed in. */
        record SignedIn(AdminRow admin, IssuedAdminToken token) implements AdminSignInOutcome {}

        /** Name, password or code is wrong. */
        record Refused() implements AdminSignInOutcome {}

        /** Not looked at: too many attempts have failed. */
        record Blocked(Duration remaining) implements AdminSignInOutcome {}
    }

    /** Counts the attempt, then judges it. */
    public AdminSignInOutcome handle(AdminSignIn command) {
        Duration wait = attempts.take(command.username(), command.origin());
        if (wait.isPositive()) {
            return new AdminSignInOutcome.Blocked(wait);
        }
        Optional<AdminRow> claimed =
                transactions
                        .callNameless(tx -> admins.named(tx, command.username()))
                        .filter(admin -> admin.state() == AdminState.ACTIVE);
        boolean isProven =
                credentials.matches(
                        command.password(),
                        claimed.map(admin -> admin.secrets().passwordHash()).orElse(null));
        Optional<AdminRow> admin =
                claimed.filter(known -> isProven)
                        .flatMap(
                                known ->
                                        transactions.call(
                                                known.id(), tx -> signIn(tx, known, command)));
        if (admin.isEmpty()) {
            transactions.callNameless(tx -> audit.append(tx, refusal(command)));
            return new AdminSignInOutcome.Refused();
        }
        return new AdminSignInOutcome.SignedIn(admin.get(), tokens.issue(admin.get()));
    }

    private Optional<AdminRow> signIn(Connection transaction, AdminRow known, AdminSignIn command)
            throws SQLException {
        AdminRow now = admins.hold(transaction, known.id()).orElseThrow();
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        OptionalLong step = credentials.step(now, command.code(), at);
        if (now.generation() != known.generation() || step.isEmpty()) {
            return Optional.empty();
        }
        AdminRow signedIn = now.signedIn(step.getAsLong(), at);
        admins.write(transaction, signedIn);
        attempts.forget(transaction, command.username(), command.origin());
        audit.append(
                transaction,
                new AuditEntry(
                        AuditActor.admin(now.id()),
                        AuditAction.ADMIN_SIGNED_IN,
                        "admin:" + now.id(),
                        null,
                        null,
                        command.origin()));
        return Optional.of(signedIn);
    }

    private static AuditEntry refusal(AdminSignIn command) {
        return new AuditEntry(
                AuditActor.service(SERVICE),
                AuditAction.ADMIN_SIGN_IN_REFUSED,
                "admin-name:" + command.username(),
                null,
                null,
                command.origin());
    }
}
