package io.perpetua.contracts.risk;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/** Asks for another leverage of a subaccount in a market; allowed without a position. */
public record ChangeLeverage(
        OrderId commandId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        int leverage,
        long sentAtMillis,
        @Nullable Reply reply,
        @Nullable AgentNonce nonce)
        implements RiskCommand {
    /** As a user sends it, who needs no nonce. */
    public ChangeLeverage(
            OrderId commandId,
            UserId user,
            SubaccountId subaccount,
            MarketId market,
            int leverage,
            long sentAtMillis,
            @Nullable Reply reply) {
        this(commandId, user, subaccount, market, leverage, sentAtMillis, reply, null);
    }
}
