package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.AdminUserStore;
import io.perpetua.accounts.persistence.AdminUserStore.UserStanding;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.accounts.UserReinstated;
import io.perpetua.contracts.accounts.UserSuspended;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Suspends a user, or lifts it: decision, record and the word to risk are one commit. */
@ApplicationScoped
public class SuspendUserHandler {
    private final AdminUserStore users;
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With where it writes. */
    public SuspendUserHandler(
            AdminUserStore users,
            AuditTrail audit,
            UserEventPublisher events,
            AdminTransactions transactions,
            Clock clock) {
        this.users = users;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** An administrator's decision, and why. */
    public record SuspendUser(
            long actor, UserId user, boolean suspended, String reason, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface SuspensionOutcome {
        /** So the user stands now; a decision that changes nothing is not recorded. */
        record Decided(UserStanding user) implements SuspensionOutcome {}

        /** There is no such user. */
        record Unknown() implements SuspensionOutcome {}

        /** The user is deleted: there is nothing left to suspend. */
        record Deleted() implements SuspensionOutcome {}
    }

    /** Decides. */
    public SuspensionOutcome handle(SuspendUser command) {
        SuspensionOutcome outcome = transactions.call(command.actor(), tx -> decide(tx, command));
        if (outcome instanceof SuspensionOutcome.Decided) {
            events.committed();
        }
        return outcome;
    }

    private SuspensionOutcome decide(Connection connection, SuspendUser command)
            throws SQLException {
        Optional<UserStanding> found = users.hold(connection, command.user());
        if (found.isEmpty()) {
            return new SuspensionOutcome.Unknown();
        }
        UserStanding before = found.get();
        if (before.state() == UserState.DELETED) {
            return new SuspensionOutcome.Deleted();
        }
        if ((before.suspendedAt() != null) == command.suspended()) {
            return new SuspensionOutcome.Decided(before);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        UserStanding after =
                command.suspended()
                        ? before.suspended(now, command.reason())
                        : before.suspended(null, null);
        users.writeSuspension(connection, after);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.admin(command.actor()),
                        AuditAction.USER_SUSPENSION_CHANGED,
                        "user:" + command.user(),
                        CanonicalJson.of(Map.of("suspended", !command.suspended())),
                        CanonicalJson.of(
                                Map.of(
                                        "suspended",
                                        command.suspended(),
                                        "reason",
                                        command.reason())),
                        command.origin()));
        UserEvent event =
                command.suspended()
                        ? new UserSuspended(command.user(), now.toEpochMilli())
                        : new UserReinstated(command.user(), now.toEpochMilli());
        events.publish(connection, List.of(event));
        return new SuspensionOutcome.Decided(after);
    }
}
