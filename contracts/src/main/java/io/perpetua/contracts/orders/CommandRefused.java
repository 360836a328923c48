package io.perpetua.contracts.orders;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A command that is no order of its own (cancel, amend, a reused client order id) was refused; if
 * it named an order, that stands as it was. {@code orderId} is the order meant, where one is known.
 */
public record CommandRefused(
        OrderId commandId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable OrderId orderId,
        Refusal refusal,
        long atMillis,
        @Nullable Reply reply)
        implements OrderEvent {}
