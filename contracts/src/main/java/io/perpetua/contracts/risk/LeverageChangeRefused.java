package io.perpetua.contracts.risk;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/** A change of leverage was refused; the old one stands. */
public record LeverageChangeRefused(
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        int leverage,
        Refusal refusal,
        long atMillis,
        @Nullable Reply reply)
        implements PositionEvent {
    @Override
    public LeverageChangeRefused to(@Nullable Reply other) {
        return new LeverageChangeRefused(
                user, subaccount, market, leverage, refusal, atMillis, other);
    }
}
