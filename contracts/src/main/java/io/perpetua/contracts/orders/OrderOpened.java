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
 * An order rests on the book: newly placed (after the fills it had on its way in, if any), or after
 * an amendment.
 */
public record OrderOpened(
        OrderId orderId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable String clientOrderId,
        Side side,
        OrderType orderType,
        TimeInForce timeInForce,
        Price price,
        Quantity size,
        Quantity filled,
        Usd quote,
        boolean reduceOnly,
        int version,
        long atMillis,
        @Nullable Reply reply)
        implements OrderEvent {}
