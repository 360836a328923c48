package io.perpetua.contracts.orders;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An order ended: filled, cancelled, expired or rejected. Releases its hold. {@code refusal} is set
 * when rejected, {@code reason} when cancelled; {@code quote} is the sum of its fills' notional.
 * The reply is that of the command which ended it.
 */
public record OrderClosed(
        OrderId orderId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable String clientOrderId,
        OrderStatus status,
        @Nullable Refusal refusal,
        @Nullable CloseReason reason,
        Side side,
        OrderType orderType,
        TimeInForce timeInForce,
        @Nullable Price price,
        Quantity size,
        Quantity filled,
        Usd quote,
        long atMillis,
        @Nullable Reply reply)
        implements OrderEvent {}
