package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import org.jspecify.annotations.Nullable;

/**
 * A withdrawal was refused; nothing moved, so it has no number of its own: {@code sequence} is the
 * last settlement before it. {@code withdrawable} is what could have left the account, where that
 * was looked at.
 */
public record WithdrawalRefused(
        UserId user,
        SubaccountId subaccount,
        long sequence,
        WithdrawalId withdrawal,
        WithdrawalRefusal refusal,
        @Nullable Usd withdrawable,
        long atMillis)
        implements Settlement {}
