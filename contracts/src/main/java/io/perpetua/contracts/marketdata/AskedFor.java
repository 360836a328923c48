package io.perpetua.contracts.marketdata;

/**
 * Who asked for what another administrator approved.
 *
 * @param approval the request's number
 * @param administrator the id of who asked; who approved stands with the decision
 */
public record AskedFor(long approval, long administrator) {}
