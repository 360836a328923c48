package io.perpetua.marketdata.app;

/** Approve or reject what another administrator wants of a market. */
public record DecideMarketApproval(long approval, boolean approve, Decider by, String reason) {}
