package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;

/**
 * One side of a transfer between two subaccounts of a user: {@code amount} is due to the account
 * when positive. The other side is a settlement of {@code counterpart}, with the opposite amount.
 */
public record TransferSettled(
        UserId user,
        SubaccountId subaccount,
        long sequence,
        OrderId transfer,
        SubaccountId counterpart,
        Usd amount,
        long atMillis)
        implements Settlement {}
