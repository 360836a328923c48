package io.perpetua.accounts.domain.agent;

/** Why an agent was not registered. Declared in order of precedence. */
public enum AgentRefusal {
    /** The agent ends before it begins, or lasts longer than a year. */
    AGENT_EXPIRY_INVALID,
    /** The proof was made more than five minutes from now. */
    AGENT_PROOF_EXPIRED,
    /** The proof is not signed by the agent, for this user and platform. */
    AGENT_PROOF_INVALID,
    /** The address is or was an agent's. */
    AGENT_ADDRESS_USED,
    /** The user is deactivated, and has to come back before. */
    USER_DEACTIVATED,
    /** The user has as many agents as allowed, at once or in all. */
    AGENTS_EXHAUSTED
}
