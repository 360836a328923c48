package io.perpetua.orders.persistence;

import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;

/** A trade as the public sees it. */
public record TradeRow(
        TradeId tradeId,
        MarketId market,
        Side takerSide,
        Price price,
        Quantity size,
        Usd notional,
        long atMillis) {}
