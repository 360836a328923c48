package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.Password;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/** Changes an administrator's own password, by the old one and a one-time code. */
@ApplicationScoped
public class ChangeAdminPasswordHandler {
    private final AdminStore admins;
    private final AdminAttempts attempts;
    private final AdminCredentials credentials;
    private final AuditTrail audit;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public ChangeAdminPasswordHandler(
            AdminStore admins,
            AdminAttempts attempts,
            AdminCredentials credentials,
            AuditTrail audit,
            AdminTransactions transactions,
            Clock clock) {
        this.admins = admins;
        this.attempts = attempts;
        this.credentials = credentials;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** An administrator's wish. */
    public record ChangeAdminPassword(
            AdminRow admin, Password old, Password fresh, String code, AuditOrigin origin) {
        @Override
        public String toString() {
            return "ChangeAdminPassword[" + admin.username() + "]";
        }
    }

    /** What became of it. */
    public sealed interface PasswordOutcome {
        /** Done: tokens issued before are void. */
        record Changed() implements PasswordOutcome {}

        /** Old password or code is wrong. */
        record Refused() implements PasswordOutcome {}

        /** Not looked at: too many attempts have failed. */
        record Blocked(Duration remaining) implements PasswordOutcome {}
    }

    /** Counts the attempt, then judges it. */
    public PasswordOutcome handle(ChangeAdminPassword command) {
        AdminRow known = command.admin();
        Duration wait = attempts.take(known.username(), command.origin());
        if (wait.isPositive()) {
            return new PasswordOutcome.Blocked(wait);
        }
        if (!credentials.matches(command.old(), known.secrets().passwordHash())) {
            return new PasswordOutcome.Refused();
        }
        String hash = credentials.hash(command.fresh());
        return transactions.call(
                known.id(),
                tx -> {
                    AdminRow before = admins.hold(tx, known.id()).orElseThrow();
                    OptionalLong step = credentials.step(before, command.code(), clock.instant());
                    if (before.generation() != known.generation() || step.isEmpty()) {
                        return new PasswordOutcome.Refused();
                    }
                    AdminRow after =
                            before.with(
                                    before.state(),
                                    before.secrets().withPassword(hash, step.getAsLong()));
                    admins.write(tx, after);
                    attempts.forget(tx, before.username(), command.origin());
                    audit.append(
                            tx,
                            AdminStates.entry(
                                    before.id(),
                                    AuditAction.ADMIN_CHANGED,
                                    before,
                                    after,
                                    command.origin()));
                    return new PasswordOutcome.Changed();
                });
    }
}
