package io.perpetua.contracts.risk;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Collateral moved between two subaccounts of a user. {@code transfer} is the command that moved
 * it: a repeat is answered with the first one.
 */
public record CollateralTransferred(
        UserId user,
        OrderId transfer,
        SubaccountId from,
        SubaccountId to,
        Usd amount,
        String clientTransferId,
        @Nullable Reply reply)
        implements PositionEvent {
    @Override
    public CollateralTransferred to(@Nullable Reply other) {
        return new CollateralTransferred(user, transfer, from, to, amount, clientTransferId, other);
    }
}
