package io.perpetua.accounts.domain.agent;

import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.contracts.value.UserId;
import java.time.Duration;
import java.time.Instant;

/**
 * The agent's own signature of whose agent it wants to be: without it anybody could register
 * another's key, and use its address up for ever.
 */
public record AgentProof(Instant issuedAt, WalletSignature signature) {
    /** How far the time in it may be from now, either way. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    /** What the agent signs. */
    public static String text(String domain, UserId user, Wallet agent, Instant issuedAt) {
        return String.join(
                "\n",
                "Perpetua agent registration",
                domain,
                "User: " + user,
                "Agent: " + agent.stored(),
                "Issued at: " + issuedAt);
    }

    boolean isTimely(Instant now) {
        return issuedAt.isAfter(now.minus(WINDOW)) && issuedAt.isBefore(now.plus(WINDOW));
    }

    boolean isOf(String domain, UserId user, Wallet agent) {
        return signature.isOf(agent, text(domain, user, agent, issuedAt));
    }
}
