package io.perpetua.edge;

import io.perpetua.contracts.accounts.AgentAction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jspecify.annotations.Nullable;

/** Decides whether an agent's request is its own, in time, and within what the agent may do. */
@ApplicationScoped
class AgentChecks {
    private final Agents agents;
    private final AgentsConfig config;
    private final FailedChecks failed;
    private final Clock clock;

    AgentChecks(Agents agents, AgentsConfig config, FailedChecks failed, Clock clock) {
        this.agents = agents;
        this.config = config;
        this.failed = failed;
        this.clock = clock;
    }

    /**
     * The agent that signed it. The time is looked at first, because that costs nothing; what is
     * wrong with an agent only its holder learns.
     *
     * @throws ProblemException naming what is wrong
     */
    Agents.Known check(
            ResteasyReactiveContainerRequestContext request,
            AgentRequest signed,
            AgentAction wanted,
            @Nullable String clientAddress,
            RequestBudget failures) {
        long now = clock.millis();
        if (Math.abs(now - signed.timestampMillis()) > config.timestampSeconds() * 1000L) {
            throw AgentRefusal.AGENT_TIME_INVALID.problem().exception();
        }
        Agents.Known agent = agents.find(signed.agent());
        if (agent == null || !signed.isSigned(config.domain())) {
            failed.charge(request, failures);
            throw AgentRefusal.AGENT_SIGNATURE_INVALID.problem().exception();
        }
        if (agent.expiresAtMillis() <= now) {
            throw AgentRefusal.AGENT_EXPIRED.problem().exception();
        }
        if (!agent.maySendFrom(clientAddress)) {
            throw AgentRefusal.AGENT_ADDRESS_NOT_ALLOWED.problem().exception();
        }
        if (!agent.scopes().contains(wanted.scope())) {
            throw AgentRefusal.AGENT_SCOPE_MISSING.problem().exception();
        }
        return agent;
    }
}
