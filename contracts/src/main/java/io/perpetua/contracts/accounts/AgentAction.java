package io.perpetua.contracts.accounts;

/** A kind of request that agents send; each belongs to one scope. */
public enum AgentAction {
    /** Whatever changes nothing. */
    READ(AgentScope.READ),
    /** A new order. */
    PLACE_ORDER(AgentScope.TRADE),
    /** Another price or size of an order. */
    AMEND_ORDER(AgentScope.TRADE),
    /** The end of one order or of many. */
    CANCEL_ORDER(AgentScope.TRADE),
    /** Another leverage of a subaccount in a market. */
    CHANGE_LEVERAGE(AgentScope.TRADE),
    /** Collateral from one subaccount to another. */
    TRANSFER(AgentScope.TRANSFER);

    private final AgentScope scope;

    AgentAction(AgentScope scope) {
        this.scope = scope;
    }

    /** What an agent needs to be allowed it. */
    public AgentScope scope() {
        return scope;
    }
}
