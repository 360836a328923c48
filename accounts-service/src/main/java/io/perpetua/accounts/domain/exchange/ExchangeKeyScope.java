package io.perpetua.accounts.domain.exchange;

/** What a user lets the platform do with a key of another exchange; taking money out is none. */
public enum ExchangeKeyScope {
    /** Ask for balances, orders and prices. */
    READ,
    /** Place and cancel orders, and read what that takes. */
    TRADE
}
