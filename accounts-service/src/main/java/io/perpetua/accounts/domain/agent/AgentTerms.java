package io.perpetua.accounts.domain.agent;

import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user lets an agent do, where from and how long.
 *
 * @param scopes in the order of their declaration, each once; at least one
 * @param filter what it is let near; null for all that its scopes allow
 * @param networks where it may send from, in CIDR form; anywhere if there are none
 */
public record AgentTerms(
        String label,
        List<AgentScope> scopes,
        @Nullable AgentFilter filter,
        List<String> networks,
        Instant expiresAt) {
    /** Of terms without a scope nothing would follow. */
    public AgentTerms {
        if (scopes.isEmpty() || Set.copyOf(scopes).size() != scopes.size()) {
            throw new IllegalArgumentException("an agent has at least one scope, and each once");
        }
        scopes = scopes.stream().sorted().toList();
        networks = List.copyOf(networks);
    }
}
