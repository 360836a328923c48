package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Change;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import io.perpetua.risk.domain.margin.OpenOrder;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account may carry an order both as it is and as it would be amended. An amendment that
 * does not raise what the account must have is admitted whatever it has. The user is present: who
 * is absent has nothing to amend.
 */
public sealed interface AmendAdmission {
    /** How many amendments of an order matching may have to answer yet: each costs a row. */
    int MOST_AMENDMENTS = 16;

    /** The account carries both versions; {@code order} holds the larger. */
    record Admitted(OpenOrder order, long markSequence) implements AmendAdmission {}

    /**
     * Risk holds nothing for the order, so it can't be open: matching, which has the history, says
     * why.
     */
    record NotOpen() implements AmendAdmission {}

    /** The order stands as it was. */
    record Refused(Refusal refusal) implements AmendAdmission {}

    /** Decides {@code command}, which means the order {@code id} of {@code account}. */
    static AmendAdmission decide(
            AmendOrder command,
            OrderId id,
            Account account,
            Markets markets,
            Marks marks,
            long nowMillis) {
        MarketRules rules = markets.rules(command.market());
        if (rules == null) {
            return new Refused(Refusal.MARKET_UNKNOWN);
        }
        Holding holding = account.holding(command.market());
        OpenOrder order = holding == null ? null : holding.order(id);
        boolean repricesTaker = command.price() != null && order != null && !order.postOnly();
        Refusal byStatus = byStatus(rules.definition(), repricesTaker);
        if (byStatus != null) {
            return new Refused(byStatus);
        }
        if (order == null) {
            return new NotOpen();
        }
        return judge(command, order, account, rules, markets, marks, nowMillis);
    }

    private static @Nullable Refusal byStatus(Market market, boolean repricesTaker) {
        return switch (market.status()) {
            case ACTIVE, REDUCE_ONLY -> null;
            case ANNOUNCED, HALTED -> Refusal.MARKET_HALTED;
            case SETTLING, DELISTED -> Refusal.MARKET_ENDED;
            case CANCEL_ONLY -> Refusal.MARKET_CANCEL_ONLY;
            case POST_ONLY -> repricesTaker ? Refusal.MARKET_POST_ONLY : null;
        };
    }

    private static AmendAdmission judge(
            AmendOrder command,
            OpenOrder order,
            Account account,
            MarketRules rules,
            Markets markets,
            Marks marks,
            long nowMillis) {
        Market market = rules.definition();
        Price price = command.price();
        boolean shrinks =
                price == null
                        && (command.size() == null || command.size().compareTo(order.size()) <= 0);
        if (Standing.onlyReduces(account) && !shrinks && !order.reduceOnly()) {
            return new Refused(Refusal.USER_SUSPENDED);
        }
        if (price != null && price.units() % market.tick().units() != 0) {
            return new Refused(Refusal.PRICE_OFF_TICK);
        }
        Price limit = price == null ? order.version().limit() : price;
        Quantity total = command.size() == null ? order.size() : command.size();
        Refusal bySize = OrderSizes.check(market, limit, total);
        if (bySize != null) {
            return new Refused(bySize);
        }
        if (total.compareTo(order.filled()) <= 0) {
            return new Refused(Refusal.SIZE_BELOW_FILLED);
        }
        MarkPrice mark = marks.newest(market.id());
        boolean fresh = mark != null && rules.isFresh(mark, nowMillis);
        if (price != null && mark != null && fresh && !rules.isInBand(price, mark.mark())) {
            return new Refused(Refusal.PRICE_OUT_OF_BAND);
        }
        if (order.amendments().size() >= MOST_AMENDMENTS) {
            return new Refused(Refusal.TOO_MANY_AMENDMENTS);
        }
        OpenOrder both = order.amending(new OpenOrder.Amendment(command.commandId(), limit, total));
        long sequence = mark == null ? 0 : mark.sequence();
        if (shrinks) {
            return new Admitted(both, sequence);
        }
        boolean allFresh = Freshness.of(account, rules, markets, marks, nowMillis);
        if (!allFresh && !order.reduceOnly()) {
            return new Refused(Refusal.MARK_PRICE_UNAVAILABLE);
        }
        return byMargin(both, account, market, markets, marks, sequence);
    }

    private static AmendAdmission byMargin(
            OpenOrder both,
            Account account,
            Market market,
            Markets markets,
            Marks marks,
            long markSequence) {
        AccountMargin before = AccountMargin.of(account, markets, marks);
        AccountMargin after;
        try {
            after = AccountMargin.of(account, markets, marks, Change.of(market.id(), both));
        } catch (ArithmeticException beyondAnyAmount) {
            return new Refused(Refusal.MARGIN_INSUFFICIENT);
        }
        if (before == null || after == null) {
            return new Refused(Refusal.MARK_PRICE_UNAVAILABLE);
        }
        boolean carried =
                after.isCovered()
                        || after.required().compareTo(before.required()) <= 0
                        || (both.reduceOnly() && after.spendsAtMost(before));
        return carried
                ? new Admitted(both, markSequence)
                : new Refused(Refusal.MARGIN_INSUFFICIENT);
    }
}
