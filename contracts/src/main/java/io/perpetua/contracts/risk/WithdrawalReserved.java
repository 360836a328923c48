package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;

/**
 * A withdrawal's {@code amount}, which is positive, has left the account's collateral: it may be
 * sent. Should it come back, it does so as a credit of the ledger.
 */
public record WithdrawalReserved(
        UserId user,
        SubaccountId subaccount,
        long sequence,
        WithdrawalId withdrawal,
        Usd amount,
        long atMillis)
        implements Settlement {}
