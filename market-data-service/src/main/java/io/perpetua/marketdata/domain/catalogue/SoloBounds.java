package io.perpetua.marketdata.domain.catalogue;

import io.perpetua.contracts.value.Rate;

/**
 * How far one administrator may go alone, in percent of what a market had when two last agreed.
 *
 * @param marginFallPercent margin rates, down
 * @param maintenanceRisePercent maintenance margin rates, up: higher ones liquidate who holds a
 *     position
 * @param leverageRisePercent the greatest leverage, up
 * @param sizeRisePercent sizes of orders and open interest, up
 * @param guardWideningPercent what keeps prices and orders near to others, wider
 * @param feeChangePercent fees and contributions, either way
 * @param fundingChangePercent the funding interval, either way, and cap, up
 * @param fundingRate how far from zero a funding rate by hand may be
 */
public record SoloBounds(
        int marginFallPercent,
        int maintenanceRisePercent,
        int leverageRisePercent,
        int sizeRisePercent,
        int guardWideningPercent,
        int feeChangePercent,
        int fundingChangePercent,
        Rate fundingRate) {
    /** Refuses bounds that are negative, and a fall of all there is. */
    public SoloBounds {
        if (marginFallPercent < 0
                || marginFallPercent >= 100
                || maintenanceRisePercent < 0
                || leverageRisePercent < 0
                || sizeRisePercent < 0
                || guardWideningPercent < 0
                || feeChangePercent < 0
                || fundingChangePercent < 0
                || fundingRate.signum() < 0) {
            throw new IllegalArgumentException(
                    "bounds are not negative, and margins can't fall by 100 percent or more");
        }
    }
}
