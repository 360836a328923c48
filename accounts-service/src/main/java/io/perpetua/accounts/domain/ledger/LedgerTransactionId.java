package io.perpetua.accounts.domain.ledger;

import io.perpetua.contracts.value.SubaccountId;

/**
 * Names a transaction: the n-th of a customer's account in an asset, counted from 1 without gaps.
 */
public record LedgerTransactionId(SubaccountId subaccount, Asset asset, long number) {
    /** For example {@code 1000001-USDC-17}. */
    @Override
    public String toString() {
        return subaccount + "-" + asset + "-" + number;
    }
}
