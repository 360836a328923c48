package io.perpetua.orders.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import org.jspecify.annotations.Nullable;

/**
 * A well-formed wish for an order: a price where, and only where, the type has one; a positive
 * size; a time in force that the type allows. {@code validUntilMillis} is 0 where nothing bounds
 * its arrival.
 */
public record NewOrder(
        SubaccountId subaccount,
        Market market,
        @Nullable String clientOrderId,
        Side side,
        OrderType type,
        TimeInForce timeInForce,
        @Nullable Price price,
        Quantity size,
        boolean reduceOnly,
        SelfTrade selfTrade,
        long validUntilMillis) {}
