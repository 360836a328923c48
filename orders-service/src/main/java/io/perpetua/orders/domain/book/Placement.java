package io.perpetua.orders.domain.book;

import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;

/**
 * An order on its way into a book. Reusable: the book keeps no reference to it, and each {@link
 * #buy} or {@link #sell} starts it anew.
 */
public final class Placement {
    /** As a buyer's limit: any price. */
    public static final long HIGHEST_PRICE = Long.MAX_VALUE;

    /** As a seller's limit: any price. */
    public static final long LOWEST_PRICE = -Long.MAX_VALUE;

    long orderId;
    long account;
    long group;
    boolean buy;
    long price;
    long size;
    TimeInForce timeInForce = TimeInForce.GTC;
    SelfTrade selfTrade = SelfTrade.CANCEL_TAKER;
    boolean reduceOnly;
    boolean budgeted;
    long budget;

    /** A good-till-cancelled order to buy at this price or lower, of nobody's account. */
    public Placement buy(long orderId, long price, long size) {
        return begin(orderId, true, price, size);
    }

    /** A good-till-cancelled order to sell at this price or higher, of nobody's account. */
    public Placement sell(long orderId, long price, long size) {
        return begin(orderId, false, price, size);
    }

    /**
     * Whose it is. 0 is nobody's account and nobody's group: nobody holds no position, and nobody's
     * orders trade with each other.
     */
    public Placement of(long account, long group) {
        this.account = account;
        this.group = group;
        return this;
    }

    /** How long it may work. */
    public Placement timeInForce(TimeInForce value) {
        timeInForce = value;
        return this;
    }

    /** What happens when it meets an order of its own group; otherwise its rest is cancelled. */
    public Placement selfTrade(SelfTrade value) {
        selfTrade = value;
        return this;
    }

    /** It may only reduce the account's position. */
    public Placement reduceOnly(boolean value) {
        reduceOnly = value;
        return this;
    }

    /**
     * Fill-or-kill within a budget: a buy's price x size, summed over its fills, must not be above
     * it, a sell's not below.
     */
    public Placement fillOrKillWithin(long quote) {
        timeInForce = TimeInForce.FOK;
        budgeted = true;
        budget = quote;
        return this;
    }

    boolean postOnly() {
        return timeInForce == TimeInForce.POST_ONLY;
    }

    private Placement begin(long id, boolean buys, long limit, long wanted) {
        orderId = id;
        account = 0;
        group = 0;
        buy = buys;
        price = limit;
        size = wanted;
        timeInForce = TimeInForce.GTC;
        selfTrade = SelfTrade.CANCEL_TAKER;
        reduceOnly = false;
        budgeted = false;
        budget = 0;
        return this;
    }
}
