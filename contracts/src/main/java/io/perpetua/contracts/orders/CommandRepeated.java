package io.perpetua.contracts.orders;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A placement came again with the same client order id and content: its answer is that of the
 * first.
 */
public record CommandRepeated(
        OrderId commandId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        OrderId orderId,
        long atMillis,
        @Nullable Reply reply)
        implements OrderEvent {}
