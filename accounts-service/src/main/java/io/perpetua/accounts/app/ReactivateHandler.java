package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.AgentStore;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.UserReactivated;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Brings a deactivated user back, at their wish. */
@ApplicationScoped
public class ReactivateHandler {
    private final UserLifeStore lives;
    private final AgentStore agents;
    private final AgentChanges agentChanges;
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With where it writes. */
    public ReactivateHandler(
            UserLifeStore lives,
            AgentStore agents,
            AgentChanges agentChanges,
            AuditTrail audit,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock) {
        this.lives = lives;
        this.agents = agents;
        this.agentChanges = agentChanges;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A user's wish to be back. */
    public record Reactivate(UserId user, AuditOrigin origin) {}

    /** Brings the user back; one who is there stays so. @return the state afterwards */
    public UserState handle(Reactivate command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Back back = transactions.call(command.user(), tx -> reactivate(tx, command, now));
        back.agents().forEach(agentChanges::committed);
        events.committed();
        return back.state();
    }

    private record Back(UserState state, List<Agent> agents) {}

    private Back reactivate(Connection connection, Reactivate command, Instant now)
            throws SQLException {
        UserId user = command.user();
        UserState before = lives.hold(connection, user).state();
        if (before != UserState.DEACTIVATED) {
            return new Back(before, List.of());
        }
        lives.move(connection, user, UserState.ACTIVE);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(user),
                        AuditAction.USER_PRESENCE_CHANGED,
                        "user:" + user,
                        CanonicalJson.of(Map.of("state", before)),
                        CanonicalJson.of(Map.of("state", UserState.ACTIVE)),
                        command.origin()));
        List<Agent> resumed =
                agentChanges.publishAll(connection, user, agents.list(connection), true);
        events.publish(connection, List.of(new UserReactivated(user, now.toEpochMilli())));
        return new Back(UserState.ACTIVE, resumed);
    }
}
