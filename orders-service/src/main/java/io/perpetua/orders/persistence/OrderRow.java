package io.perpetua.orders.persistence;

import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An order as its row has it: as it stands, and as it stood when its placement was answered first.
 * {@code reason} is the refusal of a rejected order, the close reason of a cancelled one.
 */
public record OrderRow(
        OrderId orderId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable String clientOrderId,
        Side side,
        OrderType orderType,
        TimeInForce timeInForce,
        SelfTrade selfTrade,
        boolean reduceOnly,
        @Nullable Price price,
        Quantity size,
        Quantity filled,
        Quantity remaining,
        Usd quote,
        OrderStatus status,
        @Nullable String reason,
        long updatedAtMillis,
        First first) {
    /** How an order stood when its placement was answered first. */
    public record First(
            OrderStatus status,
            Quantity size,
            Quantity filled,
            Usd quote,
            @Nullable String reason,
            long atMillis) {}
}
