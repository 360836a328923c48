package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;

/**
 * The index price of a market with its confidence (one standard deviation, in price units of 1e-8).
 */
public record OraclePrice(
        MarketId market,
        long sequence,
        Price price,
        Quantity confidence,
        String source,
        long publishedAtMillis) {}
