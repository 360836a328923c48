package io.perpetua.contracts.risk;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A transfer was refused; nothing moved. {@code withdrawable} is what may leave the subaccount,
 * where that was looked at.
 */
public record TransferRefused(
        UserId user,
        SubaccountId from,
        SubaccountId to,
        String clientTransferId,
        TransferRefusal refusal,
        @Nullable Usd withdrawable,
        long atMillis,
        @Nullable Reply reply)
        implements PositionEvent {
    @Override
    public TransferRefused to(@Nullable Reply other) {
        return new TransferRefused(
                user, from, to, clientTransferId, refusal, withdrawable, atMillis, other);
    }
}
