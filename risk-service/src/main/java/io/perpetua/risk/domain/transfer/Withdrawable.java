package io.perpetua.risk.domain.transfer;

import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.admission.Freshness;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import org.jspecify.annotations.Nullable;

/** What may leave an account, wherever it goes. */
final class Withdrawable {
    private Withdrawable() {}

    /** Null when a market the account is in has no fresh mark, so that nobody can tell. */
    static @Nullable Usd of(Account account, Markets markets, Marks marks, long nowMillis) {
        if (!Freshness.of(account, markets, marks, nowMillis)) {
            return null;
        }
        AccountMargin margin = AccountMargin.of(account, markets, marks);
        return margin == null ? null : margin.withdrawable();
    }
}
