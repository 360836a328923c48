package io.perpetua.accounts.app;

import io.perpetua.accounts.app.AdminTokens.IssuedAdminToken;
import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.Password;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Signs an administrator in by password and one-time code. Whatever is wrong, the refusal is the
 * same and takes as long.
 */
@ApplicationScoped
public class AdminSignInHandler {
    private final AdminStore admins;
    private final AdminAttempts attempts;
    private final AdminCredentials credentials;
    private final AdminTokens tokens;
    private final AdminEntrance entrance;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public AdminSignInHandler(
            AdminStore admins,
            AdminAttempts attempts,
            AdminCredentials credentials,
            AdminTokens tokens,
            AdminEntrance entrance,
            AdminTransactions transactions,
            Clock clock) {
        this.admins = admins;
        this.attempts = attempts;
        this.credentials = credentials;
        this.tokens = tokens;
        this.entrance = entrance;
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
                                                known.id(),
                                                tx ->
                                                        entrance.open(
                                                                tx,
                                                                known,
                                                                command.code(),
                                                                null,
                                                                command.origin(),
                                                                now())));
        if (admin.isEmpty()) {
            transactions.callNameless(
                    tx ->
                            entrance.refused(
                                    tx, "admin-name:" + command.username(), command.origin()));
            return new AdminSignInOutcome.Refused();
        }
        return new AdminSignInOutcome.SignedIn(admin.get(), tokens.issue(admin.get()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
