package io.perpetua.contracts.orders;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * All open orders of a subaccount in a market were cancelled; their {@link OrderClosed} came
 * before.
 */
public record OrdersCancelled(
        OrderId commandId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        int count,
        long atMillis,
        @Nullable Reply reply)
        implements OrderEvent {}
