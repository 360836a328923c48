package io.perpetua.contracts.orders;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;

/**
 * A trade, as the public sees it. {@code openInterest} is the market's after it, counted on one
 * side.
 */
public record TradeExecuted(
        TradeId tradeId,
        MarketId market,
        Price price,
        Quantity size,
        Usd notional,
        Side takerSide,
        Quantity openInterest,
        long atMillis) {}
