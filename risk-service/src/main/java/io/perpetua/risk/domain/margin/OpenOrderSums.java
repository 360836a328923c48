package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import org.jspecify.annotations.Nullable;

/**
 * Sums over the open orders of a holding but for those that may only reduce, which count by what
 * there is to reduce. Once counted they are kept while orders come and go, so that judging an order
 * doesn't go over all the others; losses are kept against one mark, and counted anew against the
 * next. Always what counting anew would give: an order takes away exactly what it added.
 */
final class OpenOrderSums {
    private boolean counted;
    private long buys;
    private long sells;
    private Usd fees = Usd.ZERO;

    /** The mark that {@code losses} are against; null when they have not been counted. */
    private @Nullable Price mark;

    private Usd losses = Usd.ZERO;

    /** Quantity units still to be bought. */
    long buys() {
        return buys;
    }

    /** Quantity units still to be sold. */
    long sells() {
        return sells;
    }

    /** The fees of all of them, filled at their limits. */
    Usd fees() {
        return fees;
    }

    /** What they lose against the mark, filled at their limits. */
    Usd losses() {
        return losses;
    }

    /**
     * Has the sums at {@code at} ready.
     *
     * @throws ArithmeticException when one is beyond 64 bits
     */
    void count(OpenOrder[] orders, int orderCount, Price at) {
        if (!counted) {
            countAmounts(orders, orderCount);
        }
        if (!at.equals(mark)) {
            countLosses(orders, orderCount, at);
        }
    }

    private void countAmounts(OpenOrder[] orders, int orderCount) {
        mark = null;
        buys = 0;
        sells = 0;
        fees = Usd.ZERO;
        for (int i = 0; i < orderCount; i++) {
            if (!orders[i].reduceOnly()) {
                addAmounts(orders[i]);
            }
        }
        counted = true;
    }

    private void countLosses(OpenOrder[] orders, int orderCount, Price at) {
        mark = null;
        losses = Usd.ZERO;
        for (int i = 0; i < orderCount; i++) {
            if (!orders[i].reduceOnly()) {
                losses = losses.plus(orders[i].worstLoss(at, orders[i].worstRemaining()));
            }
        }
        mark = at;
    }

    private void addAmounts(OpenOrder order) {
        long remaining = order.worstRemaining().units();
        if (order.buys()) {
            buys = Math.addExact(buys, remaining);
        } else {
            sells = Math.addExact(sells, remaining);
        }
        fees = fees.plus(order.worstFees(order.worstRemaining()));
    }

    /** Takes an order in. */
    void add(OpenOrder order) {
        if (!counted || order.reduceOnly()) {
            return;
        }
        try {
            addAmounts(order);
            if (mark != null) {
                losses = losses.plus(order.worstLoss(mark, order.worstRemaining()));
            }
        } catch (ArithmeticException beyondAnyAmount) {
            counted = false;
        }
    }

    /** Takes out an order that is in. */
    void remove(OpenOrder order) {
        if (!counted || order.reduceOnly()) {
            return;
        }
        long remaining = order.worstRemaining().units();
        if (order.buys()) {
            buys -= remaining;
        } else {
            sells -= remaining;
        }
        fees = fees.minus(order.worstFees(order.worstRemaining()));
        if (mark != null) {
            losses = losses.minus(order.worstLoss(mark, order.worstRemaining()));
        }
    }
}
