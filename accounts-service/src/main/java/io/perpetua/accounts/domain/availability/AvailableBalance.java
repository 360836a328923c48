package io.perpetua.accounts.domain.availability;

import io.perpetua.contracts.value.Usd;
import org.jspecify.annotations.Nullable;

/**
 * How a balance divides into what could leave the account now, by withdrawal or transfer, and what
 * is locked by margin, open orders and unrealised loss. Neither is negative, and of a balance that
 * isn't either they are the two parts; of a negative one both are 0. Both are null unless it is
 * {@link Availability#KNOWN}.
 */
public record AvailableBalance(
        Availability availability, @Nullable Usd locked, @Nullable Usd available) {
    /** Where risk-service did not answer. */
    public static final AvailableBalance UNAVAILABLE =
            new AvailableBalance(Availability.UNAVAILABLE, null, null);

    private static final AvailableBalance BEHIND =
            new AvailableBalance(Availability.BEHIND, null, null);

    /** Of an asset that is no collateral: nothing holds it. */
    public static AvailableBalance whole(Usd balance) {
        return new AvailableBalance(Availability.KNOWN, Usd.ZERO, balance);
    }

    /**
     * Divides a balance of collateral by what risk says, which was asked after the balance was
     * read. So risk has every settlement that is in the balance, and may have later ones: what they
     * took has left what is available, what they brought is available once it is in the balance.
     * Only a credit can be in the balance and not at risk; then nothing is said.
     *
     * @param creditSequence the last credit in the balance
     * @param account null where risk doesn't know the account yet
     */
    public static AvailableBalance of(
            Usd balance, long creditSequence, @Nullable RiskAccount account) {
        if (account == null || account.creditSequence() < creditSequence) {
            return BEHIND;
        }
        Usd withdrawable = account.withdrawable();
        if (withdrawable == null || !account.live()) {
            return UNAVAILABLE;
        }
        Usd owned = balance.signum() > 0 ? balance : Usd.ZERO;
        Usd available = withdrawable.compareTo(owned) < 0 ? withdrawable : owned;
        return new AvailableBalance(Availability.KNOWN, owned.minus(available), available);
    }
}
