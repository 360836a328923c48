package io.perpetua.contracts.orders;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An order's price or size changed; fills that follow from it and the order's new state come after.
 */
public record OrderAmended(
        OrderId orderId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable String clientOrderId,
        Price price,
        Quantity size,
        Quantity remaining,
        int version,
        long atMillis)
        implements OrderEvent {}
