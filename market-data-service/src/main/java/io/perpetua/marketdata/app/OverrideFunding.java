package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Rate;

/**
 * Have a market's funding rate be this one for a while.
 *
 * @param kind manual or emergency
 * @param by who decided it
 */
public record OverrideFunding(
        Market market, FundingKind kind, Rate rate, long untilMillis, Decider by, String reason) {}
