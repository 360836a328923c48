package io.perpetua.orders.persistence;

import io.perpetua.contracts.value.MarketId;
import java.math.BigDecimal;

/**
 * The sums of a market: over its positions {@code longs}, {@code shorts} (both positive, in units
 * of the base asset) and {@code cost} (USD); over its trades {@code realised} (USD), their number,
 * {@code volume} (base asset) and {@code turnover} (USD). Sums may be larger than a long holds.
 */
public record InterestRow(
        MarketId market,
        BigDecimal longs,
        BigDecimal shorts,
        BigDecimal cost,
        BigDecimal realised,
        long trades,
        BigDecimal volume,
        BigDecimal turnover) {}
