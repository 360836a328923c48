package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An administrators' debit was refused, as a withdrawal would be; nothing moved, so it has no
 * number of its own: {@code sequence} is the last settlement before it. {@code withdrawable} is
 * what could have left the account, where that was looked at.
 */
public record DebitRefused(
        UserId user,
        SubaccountId subaccount,
        long sequence,
        AdjustmentId adjustment,
        WithdrawalRefusal refusal,
        @Nullable Usd withdrawable,
        long atMillis)
        implements Settlement {}
