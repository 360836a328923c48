package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;

/**
 * Margin rates of positions whose notional is at least {@code lowerBound}; the part above counts.
 */
public record MarginTier(Usd lowerBound, Rate initialMargin, Rate maintenanceMargin) {}
