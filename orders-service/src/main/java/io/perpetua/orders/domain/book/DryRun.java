package io.perpetua.orders.domain.book;

import io.perpetua.contracts.orders.SelfTrade;
import java.util.HashMap;
import java.util.Map;

/**
 * A walk through the book that changes nothing: what a fill-or-kill order would trade. What the
 * fills would do to positions, and so to reduce-only orders further on, is kept aside.
 */
final class DryRun {
    private static final int NONE = OrderPool.NONE;

    private final Placement order;
    private final OrderPool orders;
    private final ReduceOnlyOrders reducing;
    private final PositionSizes positions;
    private final Map<Long, Long> sizes = new HashMap<>();
    private final Map<Integer, Long> remainings = new HashMap<>();

    private long wanted;
    private long quote;
    private boolean metOwn;

    DryRun(Placement order, OrderPool orders, ReduceOnlyOrders reducing, PositionSizes positions) {
        this.order = order;
        this.orders = orders;
        this.reducing = reducing;
        this.positions = positions;
        wanted = order.size;
    }

    boolean isOver() {
        return wanted == 0 || metOwn;
    }

    boolean fills() {
        if (wanted > 0 || metOwn) {
            return false;
        }
        return !order.budgeted || (order.buy ? quote <= order.budget : quote >= order.budget);
    }

    /** Meets the next resting order of the walk. */
    void meet(int slot, long price) {
        if (order.group != 0 && order.group == orders.group(slot)) {
            metOwn = order.selfTrade != SelfTrade.CANCEL_MAKER;
            return;
        }
        long remaining = remaining(slot);
        long size = Math.min(wanted, remaining);
        wanted -= size;
        quote = saturatedSum(quote, price, size);
        if (!reducing.isEmpty() && size > 0) {
            remainings.put(slot, remaining - size);
            move(orders.account(slot), order.buy ? -size : size);
            move(order.account, order.buy ? size : -size);
        }
    }

    private long remaining(int slot) {
        Long kept = remainings.get(slot);
        return kept == null ? orders.remaining(slot) : kept;
    }

    /** The counterpart of {@link OrderBook#trim}, on what is kept aside. */
    private void move(long account, long by) {
        int newest = reducing.newest(account);
        if (newest == NONE) {
            return;
        }
        Long kept = sizes.get(account);
        long size = (kept == null ? positions.sizeOf(account) : kept) + by;
        sizes.put(account, size);
        long excess = -Math.absExact(size);
        for (int slot = newest; slot != NONE; slot = orders.older(slot)) {
            if (orders.buy(slot) == (size < 0)) {
                excess += remaining(slot);
            }
        }
        for (int slot = newest; slot != NONE; slot = orders.older(slot)) {
            boolean reduces = size != 0 && orders.buy(slot) == (size < 0);
            if (!reduces) {
                remainings.put(slot, 0L);
            } else if (excess > 0) {
                long by2 = Math.min(excess, remaining(slot));
                excess -= by2;
                remainings.put(slot, remaining(slot) - by2);
            }
        }
    }

    private static long saturatedSum(long sum, long price, long size) {
        long high = Math.multiplyHigh(price, size);
        long low = price * size;
        if (high != low >> 63) {
            return price < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        long result = sum + low;
        if (((sum ^ result) & (low ^ result)) < 0) {
            return low < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return result;
    }
}
