package io.perpetua.contracts.marketdata;

/** A version of a market on its way into the market's stream. */
public record MarketChanged(Market definition, long atMillis) {}
