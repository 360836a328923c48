package io.perpetua.orders.domain.book;

/** Each account's resting reduce-only orders, from the newest to the oldest. */
final class ReduceOnlyOrders {
    private static final int NONE = OrderPool.NONE;

    private final OrderPool orders;
    private final LongIntMap newest = new LongIntMap();

    ReduceOnlyOrders(OrderPool orders) {
        this.orders = orders;
    }

    boolean isEmpty() {
        return newest.isEmpty();
    }

    /** The slot of the account's newest, or none; the pool's links lead to the older ones. */
    int newest(long account) {
        return newest.get(account);
    }

    /** What remains, in all, of the account's orders of one side. */
    long total(long account, boolean buy) {
        long total = 0;
        for (int slot = newest.get(account); slot != NONE; slot = orders.older(slot)) {
            if (orders.buy(slot) == buy) {
                total += orders.remaining(slot);
            }
        }
        return total;
    }

    void add(int slot) {
        long account = orders.account(slot);
        int previous = newest.get(account);
        orders.setOlder(slot, previous);
        orders.setNewer(slot, NONE);
        if (previous != NONE) {
            orders.setNewer(previous, slot);
        }
        newest.put(account, slot);
    }

    void remove(int slot) {
        int older = orders.older(slot);
        int newer = orders.newer(slot);
        if (older != NONE) {
            orders.setNewer(older, newer);
        }
        if (newer != NONE) {
            orders.setOlder(newer, older);
        } else if (older != NONE) {
            newest.put(orders.account(slot), older);
        } else {
            newest.remove(orders.account(slot));
        }
    }
}
