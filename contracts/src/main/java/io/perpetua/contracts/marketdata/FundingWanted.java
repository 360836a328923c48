package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.Rate;

/**
 * A market's funding rate by hand.
 *
 * @param kind manual or emergency
 * @param rate of a whole interval
 * @param untilMillis intervals that end later set their own again
 */
public record FundingWanted(FundingKind kind, Rate rate, long untilMillis) {}
