package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AgentStore;
import io.perpetua.accounts.persistence.AgentStore.AgentRow;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Removes an agent for ever: no service takes a request of it any more once it has heard of it,
 * this process at once.
 */
@ApplicationScoped
public class RemoveAgentHandler {
    private final AgentStore store;
    private final UserLifeStore lives;
    private final AgentChanges changes;
    private final UserTransactions transactions;
    private final Clock clock;

    RemoveAgentHandler(
            AgentStore store,
            UserLifeStore lives,
            AgentChanges changes,
            UserTransactions transactions,
            Clock clock) {
        this.store = store;
        this.lives = lives;
        this.changes = changes;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A wish to be rid of an agent. */
    public record RemoveAgent(UserId user, String address, AuditOrigin origin) {}

    /** Whether the user has or had such an agent; removing it again changes nothing. */
    public boolean handle(RemoveAgent command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<Agent> removed =
                transactions.call(command.user(), connection -> remove(connection, command, now));
        removed.ifPresent(changes::committed);
        return removed.isPresent()
                || transactions.call(
                        command.user(),
                        connection -> store.find(connection, command.address()).isPresent());
    }

    private Optional<Agent> remove(Connection connection, RemoveAgent command, Instant now)
            throws SQLException {
        lives.hold(connection, command.user());
        Optional<AgentRow> removed = store.remove(connection, command.address(), now);
        return removed.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        changes.publish(
                                connection,
                                command.user(),
                                command.address(),
                                removed.get().terms(),
                                true,
                                command.origin()));
    }
}
