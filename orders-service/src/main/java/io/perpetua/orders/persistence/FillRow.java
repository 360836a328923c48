package io.perpetua.orders.persistence;

import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;

/** One side of a trade, as the account that was on it sees it. */
public record FillRow(
        TradeId tradeId,
        OrderId orderId,
        SubaccountId subaccount,
        MarketId market,
        Side side,
        Liquidity liquidity,
        Price price,
        Quantity size,
        Usd notional,
        Usd fee,
        Usd realised,
        Quantity positionSize,
        Usd positionCost,
        long atMillis) {}
