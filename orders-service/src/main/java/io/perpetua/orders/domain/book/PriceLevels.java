package io.perpetua.orders.domain.book;

import java.util.Arrays;

/**
 * The price levels of a book: each a price, the total size that rests there, and the queue of its
 * orders. Named by numbers that are used again once a level is empty.
 */
final class PriceLevels {
    private static final int NONE = OrderPool.NONE;

    private long[] prices = new long[64];
    private long[] totals = new long[64];
    private int[] heads = new int[64];
    private int[] tails = new int[64];
    private int[] counts = new int[64];
    private int used;
    private int free = NONE;

    int take(long price) {
        int level = free;
        if (level == NONE) {
            level = used++;
            if (level == prices.length) {
                grow();
            }
        } else {
            free = heads[level];
        }
        prices[level] = price;
        totals[level] = 0;
        heads[level] = NONE;
        tails[level] = NONE;
        counts[level] = 0;
        return level;
    }

    void release(int level) {
        heads[level] = free;
        free = level;
    }

    long price(int level) {
        return prices[level];
    }

    long total(int level) {
        return totals[level];
    }

    void addToTotal(int level, long change) {
        totals[level] += change;
    }

    int head(int level) {
        return heads[level];
    }

    int count(int level) {
        return counts[level];
    }

    /** Puts an order behind all others of the level. */
    void append(int level, OrderPool orders, int slot) {
        int tail = tails[level];
        orders.setAhead(slot, tail);
        if (tail == NONE) {
            heads[level] = slot;
        } else {
            orders.setBehind(tail, slot);
        }
        tails[level] = slot;
        counts[level]++;
        totals[level] += orders.remaining(slot);
    }

    /** Takes an order out of the level's queue; true when that leaves it empty. */
    boolean unlink(int level, OrderPool orders, int slot) {
        int ahead = orders.ahead(slot);
        int behind = orders.behind(slot);
        if (ahead == NONE) {
            heads[level] = behind;
        } else {
            orders.setBehind(ahead, behind);
        }
        if (behind == NONE) {
            tails[level] = ahead;
        } else {
            orders.setAhead(behind, ahead);
        }
        totals[level] -= orders.remaining(slot);
        return --counts[level] == 0;
    }

    private void grow() {
        int capacity = prices.length * 2;
        prices = Arrays.copyOf(prices, capacity);
        totals = Arrays.copyOf(totals, capacity);
        heads = Arrays.copyOf(heads, capacity);
        tails = Arrays.copyOf(tails, capacity);
        counts = Arrays.copyOf(counts, capacity);
    }
}
