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
 * same rule, but for what is decided about the user.
 */
public sealed interface CollateralWithdrawal {
    /** It leaves the collateral now. */
    record Reserved() implements CollateralWithdrawal {}

    /** Nothing leaves. {@code withdrawable} is what could, where that was looked at. */
    record Refused(WithdrawalRefusal refusal, @Nullable Usd withdrawable)
            implements CollateralWithdrawal {}

    /** Decides whether {@code account}'s user may withdraw {@code amount}. */
    static CollateralWithdrawal ofUser(
            Usd amount, Account account, Markets markets, Marks marks, long nowMillis) {
        WithdrawalRefusal restricted =
                switch (account.standing().restriction()) {
                    case NONE -> null;
                    case SUSPENDED -> WithdrawalRefusal.USER_SUSPENDED;
                    case DEACTIVATED -> WithdrawalRefusal.USER_DEACTIVATED;
                    case CLOSED -> WithdrawalRefusal.USER_CLOSED;
                };
        return restricted == null
                ? decide(amount, account, markets, marks, nowMillis)
                : new Refused(restricted, null);
    }

    /** Decides whether {@code amount} may leave {@code account}, whatever its user may. */
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
