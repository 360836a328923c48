package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import org.jspecify.annotations.Nullable;

/** Whether the marks that an account's margin hangs on are recent enough to be acted on. */
public final class Freshness {
    private Freshness() {}

    /** Of the market asked for and of every market where the account has something. */
    static boolean of(
            Account account, MarketRules asked, Markets markets, Marks marks, long nowMillis) {
        return isFresh(asked, marks, nowMillis) && of(account, markets, marks, nowMillis);
    }

    /** Of every market where the account has something. */
    public static boolean of(Account account, Markets markets, Marks marks, long nowMillis) {
        for (Holding holding : account.holdings()) {
            if (!holding.isEmpty() && !isFresh(markets.rules(holding.market()), marks, nowMillis)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFresh(@Nullable MarketRules rules, Marks marks, long nowMillis) {
        if (rules == null) {
            return false;
        }
        MarkPrice mark = marks.newest(rules.definition().id());
        return mark != null && rules.isFresh(mark, nowMillis);
    }
}
