package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;

/**
 * A user wants collateral to leave the platform. The user's risk shard answers each with exactly
 * one {@code WithdrawalReserved} or {@code WithdrawalRefused}, in its settlements.
 */
public record WithdrawalRequested(
        UserId user, SubaccountId subaccount, WithdrawalId withdrawal, Usd amount, long atMillis)
        implements UserEvent {}
