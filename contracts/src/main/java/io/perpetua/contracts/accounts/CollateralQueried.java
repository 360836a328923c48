package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;

/**
 * The ledger asks for risk's copy of a subaccount's collateral, to be held against its own. {@code
 * run} is the reconciliation that asks; {@code ledgerTransactions}, the number of transactions that
 * the account had when it was asked, comes back with the answer.
 */
public record CollateralQueried(
        UserId user, SubaccountId subaccount, long run, long ledgerTransactions, long atMillis)
        implements UserEvent {}
