package io.perpetua.contracts.risk;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;

/**
 * Money that moved in an account as risk decided, on its way to the ledger, where each becomes one
 * balanced transaction of the account against house accounts. {@code sequence} counts a
 * subaccount's settlements from 1, without gaps; a member that moves nothing ({@link
 * WithdrawalRefused}, {@link DebitRefused}, {@link CollateralReported}, {@link UserFrozen}, {@link
 * UserClosingRefused}) has no number of its own and carries that of the last settlement before it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Settlement
        permits TradesSettled,
                TransferSettled,
                WithdrawalReserved,
                WithdrawalRefused,
                DebitTaken,
                DebitRefused,
                CollateralReported,
                UserFrozen,
                UserClosingRefused {
    /** Whose. */
    UserId user();

    /** Of which subaccount. */
    SubaccountId subaccount();

    /** The subaccount's count of settlements, from 1; 0 before the first. */
    long sequence();
}
