package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Change;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.OrderVersion;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One decision about a new order, through the rules that come after names. */
final class OrderJudgement {
    /** Price units x quantity units in a micro-dollar. */
    private static final long PRODUCT_UNITS_PER_MICRO = 10_000_000_000L;

    private final PlaceOrder command;
    private final Account account;
    private final MarketRules rules;
    private final Market market;
    private final Markets markets;
    private final Marks marks;
    private final long nowMillis;
    private final @Nullable MarkPrice mark;
    private final boolean onlyReduces;

    OrderJudgement(
            PlaceOrder command,
            Account account,
            MarketRules rules,
            Markets markets,
            Marks marks,
            long nowMillis) {
        this.command = command;
        this.account = account;
        this.rules = rules;
        this.market = rules.definition();
        this.markets = markets;
        this.marks = marks;
        this.nowMillis = nowMillis;
        this.mark = marks.newest(market.id());
        this.onlyReduces = command.reduceOnly() || reducesAtMost();
    }

    /** Whether its worst case is a smaller position, whatever else is open. */
    private boolean reducesAtMost() {
        Holding holding = account.holding(command.market());
        return holding != null
                && holding.size().signum() == (buys() ? -1 : 1)
                && command.size().compareTo(holding.reducible()) <= 0;
    }

    private boolean buys() {
        return command.side() == Side.BUY;
    }

    OrderAdmission decide() {
        Refusal refusal = byStatus();
        if (refusal == null && Standing.onlyReduces(account) && !onlyReduces) {
            refusal = Refusal.USER_SUSPENDED;
        }
        if (refusal == null) {
            refusal = byShape();
        }
        if (refusal == null) {
            refusal = byBandAndCount();
        }
        return refusal == null ? byMargin() : new OrderAdmission.Refused(refusal);
    }

    private @Nullable Refusal byStatus() {
        return switch (market.status()) {
            case ACTIVE -> null;
            case ANNOUNCED, HALTED -> Refusal.MARKET_HALTED;
            case SETTLING, DELISTED -> Refusal.MARKET_ENDED;
            case CANCEL_ONLY -> Refusal.MARKET_CANCEL_ONLY;
            case POST_ONLY ->
                    command.timeInForce() == TimeInForce.POST_ONLY
                            ? null
                            : Refusal.MARKET_POST_ONLY;
            case REDUCE_ONLY -> onlyReduces ? null : Refusal.MARKET_REDUCE_ONLY;
        };
    }

    private @Nullable Refusal byShape() {
        Price price = command.price();
        if (price != null && price.units() % market.tick().units() != 0) {
            return Refusal.PRICE_OFF_TICK;
        }
        return OrderSizes.check(market, price, command.size());
    }

    private @Nullable Refusal byBandAndCount() {
        if (command.orderType() == OrderType.LIMIT
                && mark != null
                && mayActOn(mark)
                && !rules.isInBand(limitPrice(), mark.mark())) {
            return Refusal.PRICE_OUT_OF_BAND;
        }
        Holding holding = account.holding(command.market());
        return holding != null && holding.orderCount() >= OrderAdmission.MOST_OPEN_ORDERS
                ? Refusal.TOO_MANY_OPEN_ORDERS
                : null;
    }

    private boolean mayActOn(MarkPrice price) {
        return onlyReduces || rules.isFresh(price, nowMillis);
    }

    private Price limitPrice() {
        Price price = command.price();
        if (price == null) {
            throw new IllegalArgumentException("a limit order without a price");
        }
        return price;
    }

    private OrderAdmission byMargin() {
        if (mark == null || !mayActOn(mark)) {
            return new OrderAdmission.Refused(Refusal.MARK_PRICE_UNAVAILABLE);
        }
        Price limit =
                command.orderType() == OrderType.LIMIT
                        ? limitPrice()
                        : rules.marketOrderLimit(buys(), mark.mark());
        try {
            return byMargin(mark, limit);
        } catch (ArithmeticException beyondAnyAmount) {
            // What does not fit into a Usd is more than any collateral.
            return new OrderAdmission.Refused(Refusal.MARGIN_INSUFFICIENT);
        }
    }

    private OrderAdmission byMargin(MarkPrice at, Price limit) {
        boolean fresh = Freshness.of(account, rules, markets, marks, nowMillis);
        OpenOrder order = order(limit, command.reduceOnly());
        AccountMargin margin = marginWith(order);
        if (margin == null || (!fresh && !onlyReduces)) {
            return new OrderAdmission.Refused(Refusal.MARK_PRICE_UNAVAILABLE);
        }
        boolean freely =
                fresh
                        && market.status() != MarketStatus.REDUCE_ONLY
                        && !Standing.onlyReduces(account);
        if (freely && margin.isCovered()) {
            return new OrderAdmission.Admitted(order, at.sequence());
        }
        return onlyReduces
                ? forced(at, limit)
                : new OrderAdmission.Refused(Refusal.MARGIN_INSUFFICIENT);
    }

    private OrderAdmission forced(MarkPrice at, Price limit) {
        AccountMargin before = AccountMargin.of(account, markets, marks);
        OpenOrder order = order(limit, true);
        AccountMargin after = marginWith(order);
        if (before == null || after == null) {
            return new OrderAdmission.Refused(Refusal.MARK_PRICE_UNAVAILABLE);
        }
        if (after.spendsAtMost(before)) {
            return new OrderAdmission.Admitted(order, at.sequence());
        }
        if (command.orderType() == OrderType.LIMIT) {
            return new OrderAdmission.Refused(Refusal.MARGIN_INSUFFICIENT);
        }
        Price nearer = nearer(at.mark(), limit, before.spendable().minus(before.losses()));
        return new OrderAdmission.Admitted(order(nearer, true), at.sequence());
    }

    /** The limit nearest to {@code limit} at which closing loses at most {@code spendable}. */
    private Price nearer(Price at, Price limit, Usd spendable) {
        Holding holding = account.holding(command.market());
        long most = holding == null ? 0 : holding.couldReduce(buys()).units();
        long counted = Math.max(1, Math.min(most, command.size().units()));
        long distance =
                Amounts.multiplyDivide(
                        spendable.micros(), PRODUCT_UNITS_PER_MICRO, counted, RoundingMode.DOWN);
        if (buys()) {
            Price nearer = rules.tickAtMost(at.units() + distance);
            return nearer.compareTo(limit) < 0 ? nearer : limit;
        }
        Price nearer = rules.tickAtLeast(at.units() - distance);
        return nearer.compareTo(limit) > 0 ? nearer : limit;
    }

    private @Nullable AccountMargin marginWith(OpenOrder order) {
        return AccountMargin.of(account, markets, marks, Change.of(market.id(), order));
    }

    private OpenOrder order(Price limit, boolean reduceOnly) {
        Rate higher =
                market.takerFee().compareTo(market.makerFee()) >= 0
                        ? market.takerFee()
                        : market.makerFee();
        return new OpenOrder(
                command.orderId(),
                command.side(),
                new OrderVersion(limit, command.size()),
                command.size(),
                Quantity.ZERO,
                reduceOnly,
                command.timeInForce() == TimeInForce.POST_ONLY,
                higher.signum() > 0 ? higher : Rate.ZERO,
                List.of());
    }
}
