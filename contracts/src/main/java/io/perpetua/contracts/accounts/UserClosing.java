package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;

/**
 * A user wants to leave, and the ledger credits them nothing more where they want to be deleted.
 * The user's risk shard answers each {@code closing} with exactly one {@code UserFrozen} or {@code
 * UserClosingRefused}, among the settlements of {@code subaccount}, which is the user's first.
 *
 * @param pendingWithdrawals how many withdrawals of the user have not ended; there are no new ones
 */
public record UserClosing(
        UserId user,
        SubaccountId subaccount,
        long closing,
        ClosingKind kind,
        int pendingWithdrawals,
        long atMillis)
        implements UserEvent {}
