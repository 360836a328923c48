package io.perpetua.contracts.accounts;

/** What an agent may do at all; nothing else, and never a withdrawal. */
public enum AgentScope {
    /** See orders, fills, positions, balances and the ledger. */
    READ,
    /** Place, amend and cancel orders, and choose leverage. */
    TRADE,
    /** Move collateral between subaccounts of the user. */
    TRANSFER
}
