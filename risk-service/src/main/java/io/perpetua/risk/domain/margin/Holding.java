package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an account has in one market: a position, a leverage it chose, and its open orders in the
 * order of their ids. Changed by its account's thread only.
 */
public final class Holding {
    private static final OpenOrder[] NO_ORDERS = {};

    private final MarketId market;
    private @Nullable Position position;
    private int chosenLeverage;
    private OpenOrder[] orders = NO_ORDERS;
    private int orderCount;
    private int reducingCount;
    private final OpenOrderSums sums = new OpenOrderSums();

    /** Slot in the index of positions by market; -1 while there is no position. */
    int slot = -1;

    Holding(MarketId market) {
        this.market = market;
    }

    /** In which market. */
    public MarketId market() {
        return market;
    }

    /** The open position, if there is one. */
    public @Nullable Position position() {
        return position;
    }

    /** The position's signed size; 0 without one. */
    public Quantity size() {
        return position == null ? Quantity.ZERO : position.size();
    }

    /** The position's signed cost; 0 without one. */
    public Usd cost() {
        return position == null ? Usd.ZERO : position.cost();
    }

    /** Whether it asks for no margin: no position, no open order. */
    public boolean isEmpty() {
        return position == null && orderCount == 0;
    }

    /** The leverage that was chosen; 0 where none was. */
    public int chosenLeverage() {
        return chosenLeverage;
    }

    /** The leverage that counts: as chosen or by default, never above the market's greatest. */
    public int leverage(MarketRules rules) {
        return rules.leverage(chosenLeverage);
    }

    /** Sets the chosen leverage. */
    public void chooseLeverage(int leverage) {
        chosenLeverage = leverage;
    }

    /** How many orders are open. */
    public int orderCount() {
        return orderCount;
    }

    /** The open orders, by id. */
    public List<OpenOrder> orders() {
        return List.of(Arrays.copyOf(orders, orderCount));
    }

    OpenOrder orderAt(int index) {
        return orders[index];
    }

    /** Whether an open order may only reduce. */
    boolean hasReducing() {
        return reducingCount > 0;
    }

    /**
     * Sums over the other open orders, at {@code mark}; good until something changes.
     *
     * @throws ArithmeticException when one is beyond 64 bits
     */
    OpenOrderSums sums(Price mark) {
        sums.count(orders, orderCount, mark);
        return sums;
    }

    /** The open order of that id, null where there is none. */
    public @Nullable OpenOrder order(OrderId id) {
        int index = indexOf(id);
        return index < 0 ? null : orders[index];
    }

    /** Adds an order, or replaces the one of its id. */
    public void put(OpenOrder order) {
        int index = indexOf(order.id());
        if (index >= 0) {
            leave(orders[index]);
            orders[index] = order;
            enter(order);
            return;
        }
        enter(order);
        int at = -index - 1;
        if (orderCount == orders.length) {
            orders = Arrays.copyOf(orders, Math.max(4, orderCount * 2));
        }
        System.arraycopy(orders, at, orders, at + 1, orderCount - at);
        orders[at] = order;
        orderCount++;
    }

    /** Takes an order out; null where there was none. */
    public @Nullable OpenOrder remove(OrderId id) {
        int index = indexOf(id);
        if (index < 0) {
            return null;
        }
        OpenOrder removed = orders[index];
        leave(removed);
        orderCount--;
        System.arraycopy(orders, index + 1, orders, index, orderCount - index);
        if (orderCount == 0) {
            orders = NO_ORDERS;
        } else {
            Arrays.fill(orders, orderCount, orders.length, null);
        }
        return removed;
    }

    private void enter(OpenOrder order) {
        reducingCount += order.reduceOnly() ? 1 : 0;
        sums.add(order);
    }

    private void leave(OpenOrder order) {
        reducingCount -= order.reduceOnly() ? 1 : 0;
        sums.remove(order);
    }

    private int indexOf(OrderId id) {
        int low = 0;
        int high = orderCount - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = orders[middle].id().compareTo(id);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** Takes a position as it was stored. */
    public void restore(Position stored) {
        position = stored;
    }

    /**
     * Takes the position as matching gave it.
     *
     * @return the position that this fill closed or turned around, null where it did neither
     */
    public @Nullable Position apply(OrderFilled fill) {
        Position before = position;
        int side = fill.positionSize().signum();
        if (before == null) {
            position = side == 0 ? null : Position.opened(fill, fill.realised(), fill.fee());
            return null;
        }
        if (side == before.size().signum()) {
            position = before.afterFill(fill);
            return null;
        }
        position = side == 0 ? null : Position.opened(fill, Usd.ZERO, Usd.ZERO);
        return before.closedBy(fill);
    }

    /** The most that an order of that side could find to reduce: |s| and what may add to it. */
    public Quantity couldReduce(boolean buying) {
        long most = buying ? -size().units() : size().units();
        for (int i = 0; i < orderCount; i++) {
            OpenOrder order = orders[i];
            if (!order.reduceOnly() && order.buys() != buying) {
                most = Math.addExact(most, order.worstRemaining().units());
            }
        }
        return new Quantity(Math.max(0, most));
    }

    /** |s| less what open orders could already reduce. */
    public Quantity reducible() {
        long left = size().abs().units();
        boolean buysReduce = size().signum() < 0;
        for (int i = 0; i < orderCount && left > 0; i++) {
            OpenOrder order = orders[i];
            if (order.buys() == buysReduce) {
                left -= Math.min(left, order.worstRemaining().units());
            }
        }
        return new Quantity(left);
    }
}
