package io.perpetua.contracts.orders;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A command came again, a placement under the same client order id, or any of an agent's under the
 * same nonce, with the same content: its answer is that of the first, whose id is {@code orderId}.
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
