package io.perpetua.risk.domain.margin;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a market asks of an account, counted anew over all its open orders each time: what {@link
 * HoldingMargin}, which keeps sums, must say too.
 */
public final class RecountedMargin {
    private final long size;
    private final Price mark;
    private long buys;
    private long sells;
    private long reducingBuys;
    private long reducingSells;
    private Usd losses = Usd.ZERO;
    private Usd fees = Usd.ZERO;

    private RecountedMargin(long size, Price mark) {
        this.size = size;
        this.mark = mark;
    }

    /** Fails unless each market that {@code account} is in asks what the recount gives. */
    public static void check(Account account, Markets markets, Marks marks) {
        for (Holding holding : account.holdings()) {
            MarketRules rules = markets.rules(holding.market());
            MarkPrice mark = marks.newest(holding.market());
            HoldingMargin expected = of(holding, holding.orders(), rules, mark.mark());
            HoldingMargin kept = HoldingMargin.of(holding, rules, mark.mark());
            if (!kept.equals(expected)) {
                assertThat(kept).isEqualTo(expected);
            }
        }
    }

    /** Fails unless the market asks what the recount gives with {@code order} open. */
    static void checkWith(OpenOrder order, Holding holding, MarketRules rules, Price mark) {
        List<OpenOrder> orders = new ArrayList<>(holding.orders());
        int place = orders.indexOf(holding.order(order.id()));
        if (place < 0) {
            orders.add(order);
        } else {
            orders.set(place, order);
        }
        Change change = Change.of(holding.market(), order);

        assertThat(HoldingMargin.of(holding, rules, mark, change))
                .isEqualTo(of(holding, orders, rules, mark));
    }

    private static HoldingMargin of(
            Holding holding, List<OpenOrder> orders, MarketRules rules, Price mark) {
        RecountedMargin count = new RecountedMargin(holding.size().units(), mark);
        orders.stream().filter(order -> !order.reduceOnly()).forEach(count::add);
        orders.stream()
                .filter(OpenOrder::reduceOnly)
                .sorted(Comparator.comparingLong(OpenOrder::eagerness).reversed())
                .forEach(count::addReducing);
        return count.margin(holding.cost(), rules, holding.leverage(rules));
    }

    private void add(OpenOrder order) {
        Quantity remaining = order.worstRemaining();
        if (order.buys()) {
            buys += remaining.units();
        } else {
            sells += remaining.units();
        }
        cost(order, remaining);
    }

    private void addReducing(OpenOrder order) {
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

    private void cost(OpenOrder order, Quantity counted) {
        losses = losses.plus(order.worstLoss(mark, counted));
        fees = fees.plus(order.worstFees(counted));
    }

    private HoldingMargin margin(Usd cost, MarketRules rules, int leverage) {
        long highest = (size < 0 ? Math.min(0, size + reducingBuys) : size) + buys;
        long lowest = (size > 0 ? Math.max(0, size - reducingSells) : size) - sells;
        long worst = Math.max(Math.abs(size), Math.max(Math.abs(highest), Math.abs(lowest)));
        Usd notional = worth(Math.abs(size));
        return new HoldingMargin(
                notional,
                Amounts.notional(mark, new Quantity(size), RoundingMode.FLOOR).minus(cost),
                rules.tiers().initial(notional, leverage),
                rules.tiers().maintenance(notional, RoundingMode.UP),
                rules.tiers().initial(worth(worst), leverage).plus(losses).plus(fees),
                losses);
    }

    private Usd worth(long units) {
        return Amounts.notional(mark, new Quantity(units), RoundingMode.UP);
    }
}
