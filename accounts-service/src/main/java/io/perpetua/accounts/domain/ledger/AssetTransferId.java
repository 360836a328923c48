package io.perpetua.accounts.domain.ledger;

/**
 * Names a transfer of an asset other than USDC between two subaccounts of a user.
 *
 * @param value unique among them
 */
public record AssetTransferId(long value) {
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
