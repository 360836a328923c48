package io.perpetua.contracts;

/**
 * What an agent's signature makes unrepeatable: the number that the agent gave its request. The
 * user's shard in risk-service takes each number of an agent once; the same content under it gets
 * the first answer.
 *
 * @param agent the agent's address
 * @param value the agent's own, by custom the time in milliseconds since 1970
 * @param contentHash over what was signed but for the times: equal for a repeat
 */
public record AgentNonce(String agent, long value, long contentHash) {}
