package io.perpetua.risk.domain.transfer;

import io.perpetua.contracts.accounts.WithdrawalRequested;
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
 * this far: accounts-service asks once for each withdrawal.
 */
public sealed interface CollateralWithdrawal {
    /** It leaves the collateral now. */
    record Reserved() implements CollateralWithdrawal {}

    /** Nothing leaves. {@code withdrawable} is what could, where that was looked at. */
    record Refused(WithdrawalRefusal refusal, @Nullable Usd withdrawable)
            implements CollateralWithdrawal {}

    /** Decides {@code request} of {@code account}, which is the one that it names. */
    static CollateralWithdrawal decide(
            WithdrawalRequested request,
            Account account,
            Markets markets,
            Marks marks,
            long nowMillis) {
        WithdrawalRefusal restricted =
                switch (account.standing().restriction()) {
                    case NONE -> null;
                    case SUSPENDED -> WithdrawalRefusal.USER_SUSPENDED;
                    case DEACTIVATED -> WithdrawalRefusal.USER_DEACTIVATED;
                    case CLOSED -> WithdrawalRefusal.USER_CLOSED;
                };
        if (restricted != null) {
            return new Refused(restricted, null);
        }
        Usd withdrawable = Withdrawable.of(account, markets, marks, nowMillis);
        if (withdrawable == null) {
            return new Refused(WithdrawalRefusal.MARK_PRICE_UNAVAILABLE, null);
        }
        return request.amount().signum() > 0 && request.amount().compareTo(withdrawable) <= 0
                ? new Reserved()
                : new Refused(WithdrawalRefusal.WITHDRAWABLE_EXCEEDED, withdrawable);
    }
}
