package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import io.perpetua.risk.domain.margin.OpenOrder;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account may carry a new order: the first rule it breaks, in the order of {@link
 * Refusal}, or the hold it takes.
 *
 * <p>Admitted is what leaves {@code required <= equity}. An order that can only reduce is admitted
 * without that, and without a fresh mark, but then as reduce-only, and at no price that could spend
 * more than the account's equity: a market order's limit is moved towards the mark as far as that
 * takes, a limit order beyond it is refused. Otherwise an account could trade itself below zero, to
 * the gain of whoever takes the other side.
 */
public sealed interface OrderAdmission {
    /** How many orders a subaccount may have open in a market. */
    int MOST_OPEN_ORDERS = 200;

    /** The account carries it; {@code order} is its hold. */
    record Admitted(OpenOrder order, long markSequence) implements OrderAdmission {}

    /** It is recorded as a rejected order. */
    record Refused(Refusal refusal) implements OrderAdmission {}

    /** It is refused and leaves no order behind: none of the caller's names it. */
    record Unrecorded(Refusal refusal, @Nullable OrderId other) implements OrderAdmission {}

    /** It came before, as {@code original}. */
    record Repeated(OrderId original) implements OrderAdmission {}

    /**
     * Decides {@code command}.
     *
     * @param account the subaccount named, null when there is none
     * @param seen the placement decided before under its client order id, null when there is none
     */
    static OrderAdmission decide(
            PlaceOrder command,
            @Nullable Account account,
            @Nullable Request seen,
            Markets markets,
            Marks marks,
            long nowMillis) {
        if (account == null || !account.user().equals(command.user())) {
            return new Unrecorded(Refusal.SUBACCOUNT_UNKNOWN, null);
        }
        if (seen != null) {
            return seen.contentHash() == command.contentHash()
                    ? new Repeated(seen.orderId())
                    : new Unrecorded(Refusal.CLIENT_ORDER_ID_REUSED, seen.orderId());
        }
        Refusal absent = Standing.refusalOfAbsent(account);
        if (absent != null) {
            return new Refused(absent);
        }
        MarketRules rules = markets.rules(command.market());
        if (rules == null) {
            return new Refused(Refusal.MARKET_UNKNOWN);
        }
        return new OrderJudgement(command, account, rules, markets, marks, nowMillis).decide();
    }
}
