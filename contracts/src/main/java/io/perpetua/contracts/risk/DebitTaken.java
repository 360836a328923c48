package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;

/** An administrators' debit of {@code amount}, which is positive, has left the collateral. */
public record DebitTaken(
        UserId user,
        SubaccountId subaccount,
        long sequence,
        AdjustmentId adjustment,
        Usd amount,
        long atMillis)
        implements Settlement {}
