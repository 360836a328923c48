package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;

/**
 * Two administrators want a subaccount debited. The user's risk shard answers each with exactly one
 * {@code DebitTaken} or {@code DebitRefused}, in its settlements.
 */
public record DebitRequested(
        UserId user, SubaccountId subaccount, AdjustmentId adjustment, Usd amount, long atMillis)
        implements UserEvent {}
