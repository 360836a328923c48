package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.risk.ChangeLeverage;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Change;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account may have another leverage in a market: it must be able to carry its positions
 * and open orders at that leverage, or have to have no more than before.
 */
public sealed interface LeverageChange {
    /** It has it from here on. */
    record Changed() implements LeverageChange {}

    /** The old one stands. */
    record Refused(Refusal refusal) implements LeverageChange {}

    /** Decides {@code command}; {@code account} is null when there is no such subaccount. */
    static LeverageChange decide(
            ChangeLeverage command,
            @Nullable Account account,
            Markets markets,
            Marks marks,
            long nowMillis) {
        if (account == null || !account.user().equals(command.user())) {
            return new Refused(Refusal.SUBACCOUNT_UNKNOWN);
        }
        Refusal absent = Standing.refusalOfAbsent(account);
        if (absent != null) {
            return new Refused(absent);
        }
        MarketRules rules = markets.rules(command.market());
        if (rules == null) {
            return new Refused(Refusal.MARKET_UNKNOWN);
        }
        if (Standing.onlyReduces(account)) {
            return new Refused(Refusal.USER_SUSPENDED);
        }
        if (command.leverage() < 1 || command.leverage() > rules.definition().maxLeverage()) {
            return new Refused(Refusal.LEVERAGE_TOO_HIGH);
        }
        Holding holding = account.holding(command.market());
        if (holding == null || holding.isEmpty() || command.leverage() >= holding.leverage(rules)) {
            return new Changed();
        }
        if (!Freshness.of(account, rules, markets, marks, nowMillis)) {
            return new Refused(Refusal.MARK_PRICE_UNAVAILABLE);
        }
        AccountMargin before = AccountMargin.of(account, markets, marks);
        AccountMargin after =
                AccountMargin.of(
                        account, markets, marks, Change.of(command.market(), command.leverage()));
        if (before == null || after == null) {
            return new Refused(Refusal.MARK_PRICE_UNAVAILABLE);
        }
        return after.isCovered() || after.required().compareTo(before.required()) <= 0
                ? new Changed()
                : new Refused(Refusal.MARGIN_INSUFFICIENT);
    }
}
