package io.perpetua.contracts.orders;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/** Asks to cancel every open order of a subaccount in one market. */
public record CancelAllOrders(
        OrderId commandId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        long sentAtMillis,
        @Nullable Reply reply,
        @Nullable AgentNonce nonce)
        implements OrderCommand {
    /** As a user sends it, who needs no nonce. */
    public CancelAllOrders(
            OrderId commandId,
            UserId user,
            SubaccountId subaccount,
            MarketId market,
            long sentAtMillis,
            @Nullable Reply reply) {
        this(commandId, user, subaccount, market, sentAtMillis, reply, null);
    }
}
