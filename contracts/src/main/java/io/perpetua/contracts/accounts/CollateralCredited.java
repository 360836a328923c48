package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;

/**
 * The ledger credited a subaccount (a deposit, a withdrawal that came back, or an adjustment by
 * administrators). {@code sequence} counts a subaccount's credits from 1, without gaps; {@code
 * ledgerTransaction} is the transaction's id.
 */
public record CollateralCredited(
        UserId user,
        SubaccountId subaccount,
        String asset,
        Usd amount,
        String ledgerTransaction,
        long sequence,
        long atMillis)
        implements UserEvent {}
