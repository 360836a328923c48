package io.perpetua.contracts.risk;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.ContentHash;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Asks to move collateral from one of the user's subaccounts to another. The client's id makes it
 * repeatable: the same content moves nothing twice, other content under it is refused.
 */
public record TransferCollateral(
        OrderId commandId,
        UserId user,
        SubaccountId from,
        SubaccountId to,
        Usd amount,
        String clientTransferId,
        long sentAtMillis,
        @Nullable Reply reply,
        @Nullable AgentNonce nonce)
        implements RiskCommand {
    /** As a user sends it, who needs no nonce. */
    public TransferCollateral(
            OrderId commandId,
            UserId user,
            SubaccountId from,
            SubaccountId to,
            Usd amount,
            String clientTransferId,
            long sentAtMillis,
            @Nullable Reply reply) {
        this(commandId, user, from, to, amount, clientTransferId, sentAtMillis, reply, null);
    }

    /** Equal for a repeat of the same request: over what the client asked for. */
    public long contentHash() {
        return ContentHash.of(from.toString(), to.toString(), amount.toString());
    }
}
