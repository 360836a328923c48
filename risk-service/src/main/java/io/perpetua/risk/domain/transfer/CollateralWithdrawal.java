package io.perpetua.risk.domain.transfer;

import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import org.jspecify.annotations.Nullable;

/**
 * Whether collateral may leave the platform: as much as may be withdrawn ({@link
 * AccountMargin#withdrawable}), and only while every position can be valued. Repeats don't come
 * this far: accounts-service asks once for each withdrawal. An administrators' debit goes by the
 * same rule.
 */
public sealed interface CollateralWithdrawal {
    /** It leaves the collateral now. */
    record Reserved() implements CollateralWithdrawal {}

    /** Nothing leaves. {@code withdrawable} is what could, where that was looked at. */
    record Refused(WithdrawalRefusal refusal, @Nullable Usd withdrawable)
            implements CollateralWithdrawal {}

    /** Decides whether {@code amount} may leave {@code account}. */
    static CollateralWithdrawal decide(
            Usd amount, Account account, Markets markets, Marks marks, long nowMillis) {
        Usd withdrawable = Withdrawable.of(account, markets, marks, nowMillis);
        if (withdrawable == null) {
            return new Refused(WithdrawalRefusal.MARK_PRICE_UNAVAILABLE, null);
        }
        return amount.signum() > 0 && amount.compareTo(withdrawable) <= 0
                ? new Reserved()
                : new Refused(WithdrawalRefusal.WITHDRAWABLE_EXCEEDED, withdrawable);
    }
}
