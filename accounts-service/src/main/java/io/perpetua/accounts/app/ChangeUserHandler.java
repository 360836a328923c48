package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.user.RiskLevel;
import io.perpetua.accounts.persistence.AdminUserStore;
import io.perpetua.accounts.persistence.AdminUserStore.UserStanding;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes what the platform has decided about a user. */
@ApplicationScoped
public class ChangeUserHandler {
    private final AdminUserStore users;
    private final AuditTrail audit;
    private final AdminTransactions transactions;

    /** With what it reads and writes. */
    public ChangeUserHandler(
            AdminUserStore users, AuditTrail audit, AdminTransactions transactions) {
        this.users = users;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** An administrator's decision; what is null stays as it is. */
    public record ChangeUser(
            long actor,
            UserId user,
            @Nullable KycStatus kycStatus,
            @Nullable RiskLevel riskLevel,
            @Nullable Integer tradingTier,
            AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface UserOutcome {
        /** So the user stands now; a decision that changes nothing is not recorded. */
        record Changed(UserStanding user) implements UserOutcome {}

        /** There is no such user. */
        record Unknown() implements UserOutcome {}

        /** That status can't follow the one that is. */
        record NotNext(KycStatus now, List<KycStatus> allowed) implements UserOutcome {}
    }

    /** Changes the user. */
    public UserOutcome handle(ChangeUser command) {
        return transactions.call(command.actor(), tx -> change(tx, command));
    }

    private UserOutcome change(Connection transaction, ChangeUser command) throws SQLException {
        Optional<UserStanding> found = users.hold(transaction, command.user());
        if (found.isEmpty()) {
            return new UserOutcome.Unknown();
        }
        UserStanding before = found.get();
        KycStatus wanted = command.kycStatus();
        if (wanted != null
                && wanted != before.kycStatus()
                && !before.kycStatus().next().contains(wanted)) {
            return new UserOutcome.NotNext(before.kycStatus(), before.kycStatus().next());
        }
        UserStanding after =
                before.with(
                        wanted == null ? before.kycStatus() : wanted,
                        command.riskLevel() == null ? before.riskLevel() : command.riskLevel(),
                        command.tradingTier() == null
                                ? before.tradingTier()
                                : command.tradingTier());
        if (!after.equals(before)) {
            users.write(transaction, after);
            audit.append(
                    transaction,
                    new AuditEntry(
                            AuditActor.admin(command.actor()),
                            AuditAction.USER_CHANGED,
                            "user:" + command.user(),
                            state(before),
                            state(after),
                            command.origin()));
        }
        return new UserOutcome.Changed(after);
    }

    private static String state(UserStanding user) {
        return CanonicalJson.of(
                Map.of(
                        "kycStatus", user.kycStatus(),
                        "riskLevel", user.riskLevel(),
                        "tradingTier", user.tradingTier()));
    }
}
