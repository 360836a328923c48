package io.perpetua.contracts.orders;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Asks to change an open order's price, total size (filled part included), or both; what is null
 * stays. A smaller size keeps the place in the queue, anything else loses it.
 */
public record AmendOrder(
        OrderId commandId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable OrderId orderId,
        @Nullable String clientOrderId,
        @Nullable Price price,
        @Nullable Quantity size,
        long sentAtMillis,
        @Nullable Reply reply,
        @Nullable AgentNonce nonce)
        implements OrderCommand {
    /** As a user sends it, who needs no nonce. */
    public AmendOrder(
            OrderId commandId,
            UserId user,
            SubaccountId subaccount,
            MarketId market,
            @Nullable OrderId orderId,
            @Nullable String clientOrderId,
            @Nullable Price price,
            @Nullable Quantity size,
            long sentAtMillis,
            @Nullable Reply reply) {
        this(
                commandId,
                user,
                subaccount,
                market,
                orderId,
                clientOrderId,
                price,
                size,
                sentAtMillis,
                reply,
                null);
    }
}
