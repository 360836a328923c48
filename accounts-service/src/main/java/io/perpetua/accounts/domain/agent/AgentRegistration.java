package io.perpetua.accounts.domain.agent;

import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.contracts.value.UserId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a key may become an agent. */
public final class AgentRegistration {
    /** How long an agent lasts at most. */
    public static final Duration LONGEST = Duration.ofDays(365);

    private AgentRegistration() {}

    /** Why not, by what the request itself says; null when it may. */
    public static @Nullable AgentRefusal refusal(
            String domain,
            UserId user,
            Wallet agent,
            AgentTerms terms,
            AgentProof proof,
            Instant now) {
        if (!terms.expiresAt().isAfter(now) || terms.expiresAt().isAfter(now.plus(LONGEST))) {
            return AgentRefusal.AGENT_EXPIRY_INVALID;
        } else if (!proof.isTimely(now)) {
            return AgentRefusal.AGENT_PROOF_EXPIRED;
        }
        return proof.isOf(domain, user, agent) ? null : AgentRefusal.AGENT_PROOF_INVALID;
    }

    /** Why not, by how many agents the user has, and has ever had; null when there is room. */
    public static @Nullable AgentRefusal refusal(
            int present, int presentMax, int ever, int everMax) {
        return present >= presentMax || ever >= everMax ? AgentRefusal.AGENTS_EXHAUSTED : null;
    }
}
