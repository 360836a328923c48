package io.perpetua.contracts.orders;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Asks to cancel an open order, named by its id or, while that is unknown to the client, by its
 * client order id; exactly one of the two is set.
 */
public record CancelOrder(
        OrderId commandId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable OrderId orderId,
        @Nullable String clientOrderId,
        long sentAtMillis,
        @Nullable Reply reply,
        @Nullable AgentNonce nonce)
        implements OrderCommand {
    /** As a user sends it, who needs no nonce. */
    public CancelOrder(
            OrderId commandId,
            UserId user,
            SubaccountId subaccount,
            MarketId market,
            @Nullable OrderId orderId,
            @Nullable String clientOrderId,
            long sentAtMillis,
            @Nullable Reply reply) {
        this(
                commandId,
                user,
                subaccount,
                market,
                orderId,
                clientOrderId,
                sentAtMillis,
                reply,
                null);
    }
}
