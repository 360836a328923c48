package io.perpetua.edge;

/** Why an agent's request is refused before anything is done. Declared in order of precedence. */
public enum AgentRefusal {
    /** The operation is for signed-in users alone. */
    AGENT_NOT_ALLOWED(403, "no agent may do this; sign in instead"),
    /** A header of agents' requests is missing or malformed, or a token is there too. */
    AGENT_HEADERS_INVALID(401, "the headers of an agent's request are missing or malformed"),
    /** There is no such agent, or its signature is not of this request. */
    AGENT_SIGNATURE_INVALID(401, "this is not signed by an agent of this platform"),
    /** The time in the request is too far from now. */
    AGENT_TIME_INVALID(401, "'Perpetua-Timestamp' is more than 30 s from now"),
    /** The agent's time is over. */
    AGENT_EXPIRED(401, "the agent has expired"),
    /** The request does not come from where the agent may send from. */
    AGENT_ADDRESS_NOT_ALLOWED(403, "the agent may not send from this address"),
    /** The agent has not the scope that the operation needs. */
    AGENT_SCOPE_MISSING(403, "the agent has not the scope for this"),
    /** The agent's filter does not let it near this. */
    AGENT_FILTERED(403, "the agent's filter does not allow this");

    private final int status;
    private final String detail;

    AgentRefusal(int status, String detail) {
        this.status = status;
        this.detail = detail;
    }

    /** The answer to the request. */
    public Problem problem() {
        return Problem.of(status, name(), detail);
    }
}
