package io.perpetua.edge;

import io.perpetua.contracts.ContentHash;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import io.perpetua.contracts.value.UserId;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The agents of all users as accounts-service last told, by address, expired ones too; one that is
 * removed is forgotten. A user has few at a time, and a million of them take about 300 MB.
 */
@Singleton
public class Agents {
    private final Map<String, Known> byAddress = new ConcurrentHashMap<>();

    /**
     * An agent that is not removed.
     *
     * @param budget what names its rate budgets
     */
    record Known(
            UserId user,
            String address,
            Set<AgentScope> scopes,
            @Nullable AgentFilter filter,
            List<Network> networks,
            long expiresAtMillis,
            long budget) {
        boolean maySendFrom(@Nullable String clientAddress) {
            return networks.isEmpty()
                    || networks.stream().anyMatch(network -> network.contains(clientAddress));
        }
    }

    /** Takes an agent as it stands now. */
    public void put(Agent agent) {
        if (agent.removed()) {
            byAddress.remove(agent.address());
            return;
        }
        EnumSet<AgentScope> scopes = EnumSet.noneOf(AgentScope.class);
        scopes.addAll(agent.scopes());
        byAddress.put(
                agent.address(),
                new Known(
                        agent.user(),
                        agent.address(),
                        scopes,
                        agent.filter(),
                        agent.networks().stream().map(Network::parse).toList(),
                        agent.expiresAtMillis(),
                        ContentHash.of(agent.address())));
    }

    /** The agent of this address, null where there is none. */
    @Nullable Known find(String address) {
        return byAddress.get(address);
    }
}
