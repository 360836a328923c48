package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one market asks of an account at a mark {@code p}, with signed size {@code s}.
 *
 * <p>{@code required = IM of the worst size + losses + fees}. The worst size is the largest of
 * {@code |s|}, {@code |s + open buys|} and {@code |s - open sells|}, where reducing orders may have
 * traded first; {@code losses = sum of max(0, side x (limit - p)) x remaining}; {@code fees} are
 * those of every open order filled at its limit. Reduce-only orders count, the worst priced first,
 * up to what they could find to reduce: {@code |s|} and the open orders on its side.
 *
 * @param notional {@code |s| x p}, rounded up
 * @param unrealised {@code s x p - cost}, rounded down
 * @param initial of the position alone
 * @param maintenance of the position
 * @param required of position and open orders
 * @param losses of open orders, at their limits, against the mark
 */
public record HoldingMargin(
        Usd notional, Usd unrealised, Usd initial, Usd maintenance, Usd required, Usd losses) {
    /** What the market asks as things stand. */
    public static HoldingMargin of(Holding holding, MarketRules rules, Price mark) {
        return of(holding, rules, mark, null);
    }

    static HoldingMargin of(
            Holding holding, MarketRules rules, Price mark, @Nullable Change change) {
        OpenOrder instead = change == null ? null : change.order();
        OpenOrder replaced = instead == null ? null : holding.order(instead.id());
        Exposure exposure = new Exposure(holding, mark);
        if (replaced != null) {
            exposure.remove(replaced);
        }
        if (instead != null) {
            exposure.add(instead);
        }
        exposure.findReducing(holding, instead);
        exposure.addReducing();
        int chosen =
                change == null || change.leverage() == 0
                        ? holding.chosenLeverage()
                        : change.leverage();
        return exposure.margin(holding.cost(), rules, rules.leverage(chosen));
    }

    private static final class Exposure {
        private final long size;
        private final Price mark;
        private long buys;
        private long sells;
        private final List<OpenOrder> reducing = new ArrayList<>(0);
        private long reducingBuys;
        private long reducingSells;
        private Usd losses;
        private Usd fees;

        /** With all open orders but those that may only reduce. */
        Exposure(Holding holding, Price mark) {
            this.size = holding.size().units();
            this.mark = mark;
            OpenOrderSums sums = holding.sums(mark);
            this.buys = sums.buys();
            this.sells = sums.sells();
            this.losses = sums.losses();
            this.fees = sums.fees();
        }

        void add(OpenOrder order) {
            if (order.reduceOnly()) {
                return;
            }
            Quantity remaining = order.worstRemaining();
            if (order.buys()) {
                buys = Math.addExact(buys, remaining.units());
            } else {
                sells = Math.addExact(sells, remaining.units());
            }
            cost(order, remaining);
        }

        void remove(OpenOrder order) {
            if (order.reduceOnly()) {
                return;
            }
            Quantity remaining = order.worstRemaining();
            if (order.buys()) {
                buys -= remaining.units();
            } else {
                sells -= remaining.units();
            }
            losses = losses.minus(order.worstLoss(mark, remaining));
            fees = fees.minus(order.worstFees(remaining));
        }

        /** Finds those that may only reduce, {@code instead} in the place of its id or last. */
        void findReducing(Holding holding, @Nullable OpenOrder instead) {
            OpenOrder pending = instead;
            for (int i = 0; holding.hasReducing() && i < holding.orderCount(); i++) {
                OpenOrder order = holding.orderAt(i);
                if (pending != null && order.id().equals(pending.id())) {
                    order = pending;
                    pending = null;
                }
                if (order.reduceOnly()) {
                    reducing.add(order);
                }
            }
            if (pending != null && pending.reduceOnly()) {
                reducing.add(pending);
            }
        }

        /** Adds the orders that may only reduce, once all others have said what there may be. */
        void addReducing() {
            if (reducing.size() > 1) {
                reducing.sort(Comparator.comparingLong(OpenOrder::eagerness).reversed());
            }
            for (OpenOrder order : reducing) {
                long left =
                        order.buys()
                                ? Math.max(0, sells - size - reducingBuys)
                                : Math.max(0, buys + size - reducingSells);
                long counted = Math.min(order.worstRemaining().units(), left);
                if (order.buys()) {
                    reducingBuys += counted;
                } else {
                    reducingSells += counted;
                }
                cost(order, new Quantity(counted));
            }
        }

        private void cost(OpenOrder order, Quantity counted) {
            losses = losses.plus(order.worstLoss(mark, counted));
            fees = fees.plus(order.worstFees(counted));
        }

        /** The largest |size| that any order of fills can lead to. */
        private Quantity worstSize() {
            long highest = (size < 0 ? Math.min(0, size + reducingBuys) : size) + buys;
            long lowest = (size > 0 ? Math.max(0, size - reducingSells) : size) - sells;
            return new Quantity(
                    Math.max(Math.abs(size), Math.max(Math.abs(highest), Math.abs(lowest))));
        }

        HoldingMargin margin(Usd cost, MarketRules rules, int leverage) {
            MarginTiers tiers = rules.tiers();
            Usd notional = worth(new Quantity(Math.abs(size)));
            Usd value = Amounts.notional(mark, new Quantity(size), RoundingMode.FLOOR);
            Usd initial = tiers.initial(notional, leverage);
            Usd worst = tiers.initial(worth(worstSize()), leverage);
            return new HoldingMargin(
                    notional,
                    value.minus(cost),
                    initial,
                    tiers.maintenance(notional, RoundingMode.UP),
                    worst.plus(losses).plus(fees),
                    losses);
        }

        private Usd worth(Quantity quantity) {
            return Amounts.notional(mark, quantity, RoundingMode.UP);
        }
    }
}
