package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.agent.AgentTerms;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.persistence.AgentStore.AgentRow;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Agents;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part that all share who change a user's agents: the audit log and the services learn. They
 * hold the user's row, so that the services learn in the order of the commits.
 */
@ApplicationScoped
class AgentChanges {
    private final AuditTrail audit;
    private final AgentPublisher publisher;
    private final Agents agents;

    AgentChanges(AuditTrail audit, AgentPublisher publisher, Agents agents) {
        this.audit = audit;
        this.publisher = publisher;
        this.agents = agents;
    }

    /** Records and publishes what the transaction did; its last act. */
    Agent publish(
            Connection connection,
            UserId user,
            String address,
            AgentTerms terms,
            boolean removed,
            AuditOrigin origin)
            throws SQLException {
        String state = state(terms);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(user),
                        removed ? AuditAction.AGENT_REMOVED : AuditAction.AGENT_REGISTERED,
                        "agent:" + address,
                        removed ? state : null,
                        removed ? null : state,
                        origin));
        return publish(connection, user, address, terms, removed);
    }

    /**
     * Publishes that requests of the user's agents are taken, or not while their user is
     * deactivated; they stay registered. The transaction's last act.
     */
    List<Agent> publishAll(
            Connection connection, UserId user, List<AgentRow> rows, boolean areTaken)
            throws SQLException {
        List<Agent> published = new ArrayList<>();
        for (AgentRow row : rows) {
            published.add(publish(connection, user, row.address(), row.terms(), !areTaken));
        }
        return published;
    }

    /** Of what is not taken the topic, which keeps it, has no more than that. */
    private Agent publish(
            Connection connection, UserId user, String address, AgentTerms terms, boolean removed)
            throws SQLException {
        Agent agent =
                new Agent(
                        user,
                        address,
                        removed,
                        terms.scopes(),
                        removed ? null : terms.filter(),
                        removed ? List.of() : terms.networks(),
                        terms.expiresAt().toEpochMilli());
        publisher.publish(connection, agent);
        return agent;
    }

    /** Once the transaction has committed: this instance knows at once, the others soon. */
    void committed(Agent agent) {
        agents.put(agent);
        publisher.committed();
    }

    private static String state(AgentTerms terms) {
        Map<String, @Nullable Object> state = new HashMap<>();
        state.put("label", terms.label());
        state.put("scopes", terms.scopes());
        state.put("filter", text(terms.filter()));
        state.put("networks", terms.networks());
        state.put("expiresAt", terms.expiresAt().toString());
        return CanonicalJson.of(state);
    }

    private static @Nullable String text(@Nullable AgentFilter filter) {
        return filter == null
                ? null
                : new String(EventCodec.encode(AgentFilter.class, filter), StandardCharsets.UTF_8);
    }
}
