package io.perpetua.contracts.risk;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/** A subaccount's leverage in a market is as given from here on. */
public record LeverageChanged(
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        int leverage,
        long atMillis,
        @Nullable Reply reply)
        implements PositionEvent {
    @Override
    public LeverageChanged to(@Nullable Reply other) {
        return new LeverageChanged(user, subaccount, market, leverage, atMillis, other);
    }
}
