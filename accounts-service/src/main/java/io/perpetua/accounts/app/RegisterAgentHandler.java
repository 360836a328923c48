package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.agent.AgentProof;
import io.perpetua.accounts.domain.agent.AgentRefusal;
import io.perpetua.accounts.domain.agent.AgentRegistration;
import io.perpetua.accounts.domain.agent.AgentTerms;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.AgentStore;
import io.perpetua.accounts.persistence.AgentStore.AgentRow;
import io.perpetua.accounts.persistence.AgentStore.Counts;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.AgentsConfig;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Makes a key a user's agent, by the key's own signature and the user's token. */
@ApplicationScoped
public class RegisterAgentHandler {
    private final AgentStore store;
    private final UserLifeStore lives;
    private final AgentChanges changes;
    private final UserTransactions transactions;
    private final Clock clock;
    private final String domain;
    private final AccountsConfig config;

    RegisterAgentHandler(
            AgentStore store,
            UserLifeStore lives,
            AgentChanges changes,
            UserTransactions transactions,
            Clock clock,
            AgentsConfig agents,
            AccountsConfig config) {
        this.store = store;
        this.lives = lives;
        this.changes = changes;
        this.transactions = transactions;
        this.clock = clock;
        this.domain = agents.domain();
        this.config = config;
    }

    /** A key, named by its address, that a user wants for an agent. */
    public record RegisterAgent(
            UserId user, Wallet key, AgentTerms terms, AgentProof proof, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface RegisterOutcome {
        /** It is an agent; {@code isNew} unless by an earlier request with the same content. */
        record Registered(AgentRow agent, boolean isNew) implements RegisterOutcome {}

        /** It is not. */
        record Refused(AgentRefusal reason) implements RegisterOutcome {}
    }

    private record Done(RegisterOutcome outcome, Optional<Agent> published) {
        static Done refused(AgentRefusal reason) {
            return new Done(new RegisterOutcome.Refused(reason), Optional.empty());
        }
    }

    /** Decides and, if the key has proven itself and is new, registers it. */
    public RegisterOutcome handle(RegisterAgent command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        AgentRefusal refusal =
                AgentRegistration.refusal(
                        domain,
                        command.user(),
                        command.key(),
                        command.terms(),
                        command.proof(),
                        now);
        if (refusal != null) {
            return new RegisterOutcome.Refused(refusal);
        }
        Done done =
                transactions.call(command.user(), connection -> register(connection, command, now));
        done.published().ifPresent(changes::committed);
        return done.outcome();
    }

    private Done register(Connection connection, RegisterAgent command, Instant now)
            throws SQLException {
        UserId user = command.user();
        String address = command.key().stored();
        UserState state = lives.hold(connection, user).state();
        Optional<AgentRow> earlier = store.find(connection, address);
        if (earlier.isPresent()) {
            return earlier.get().removedAt() == null
                            && earlier.get().terms().equals(command.terms())
                    ? new Done(
                            new RegisterOutcome.Registered(earlier.get(), false), Optional.empty())
                    : Done.refused(AgentRefusal.AGENT_ADDRESS_USED);
        }
        if (state == UserState.DEACTIVATED) {
            return Done.refused(AgentRefusal.USER_DEACTIVATED);
        }
        Counts counts = store.count(connection);
        AgentRefusal refusal =
                AgentRegistration.refusal(
                        counts.present(),
                        config.agentsPerUser(),
                        counts.ever(),
                        config.agentsPerUserEver());
        if (refusal != null) {
            return Done.refused(refusal);
        }
        if (!store.add(connection, user, address, command.terms(), now)) {
            return Done.refused(AgentRefusal.AGENT_ADDRESS_USED);
        }
        Agent agent =
                changes.publish(
                        connection, user, address, command.terms(), false, command.origin());
        return new Done(
                new RegisterOutcome.Registered(
                        new AgentRow(address, command.terms(), now, null), true),
                Optional.of(agent));
    }
}
