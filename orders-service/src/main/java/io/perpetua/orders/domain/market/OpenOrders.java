package io.perpetua.orders.domain.market;

import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A market's orders: those on the book, and those that changed since changes were last taken. */
final class OpenOrders {
    private final Map<Long, Order> open = new HashMap<>();

    /** The order that each subaccount opened last; the rest of its orders hang on it. */
    private final Map<Long, Order> newest = new HashMap<>();

    private final Map<Long, Order> changed = new LinkedHashMap<>();

    @Nullable Order find(OrderId id) {
        return open.get(id.value());
    }

    /** The order on the book with this id. */
    Order get(long id) {
        Order order = open.get(id);
        if (order == null) {
            throw new IllegalStateException("the book knows order " + id + ", its market doesn't");
        }
        return order;
    }

    /** Whether the subaccount's order ended since changes were last taken. */
    boolean endedJustNow(OrderId id, SubaccountId subaccount) {
        Order order = changed.get(id.value());
        return order != null && !order.isOpen() && order.subaccount().equals(subaccount);
    }

    /** The subaccount's orders, oldest first. */
    List<Order> of(SubaccountId subaccount) {
        List<Order> orders = new ArrayList<>();
        for (Order order = newest.get(subaccount.value()); order != null; order = order.older) {
            orders.add(order);
        }
        orders.sort(Comparator.comparing(Order::id));
        return orders;
    }

    /** Those on the book with the least ids, at most {@code max}. */
    List<Order> oldest(int max) {
        return open.values().stream().sorted(Comparator.comparing(Order::id)).limit(max).toList();
    }

    void open(Order order) {
        if (open.put(order.id().value(), order) == null) {
            Order before = newest.put(order.subaccount().value(), order);
            order.older = before;
            if (before != null) {
                before.newer = order;
            }
        }
    }

    void close(Order order) {
        if (open.remove(order.id().value()) == null) {
            return;
        }
        Order older = order.older;
        Order newer = order.newer;
        if (older != null) {
            older.newer = newer;
        }
        if (newer != null) {
            newer.older = older;
        } else if (older != null) {
            newest.put(order.subaccount().value(), older);
        } else {
            newest.remove(order.subaccount().value());
        }
        order.older = null;
        order.newer = null;
    }

    void changed(Order order) {
        changed.put(order.id().value(), order);
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    List<Order> takeChanges() {
        List<Order> taken = List.copyOf(changed.values());
        changed.clear();
        return taken;
    }

    int size() {
        return open.size();
    }

    /** Equal for equal open orders; the book's own hash covers their queues. */
    long hash() {
        long hash = 0;
        for (Order order : open.values()) {
            hash +=
                    Hashes.of(
                            order.id().value(),
                            order.user().value(),
                            order.sizeUnits(),
                            order.filledUnits(),
                            order.remainingUnits(),
                            order.quote().micros(),
                            order.version(),
                            order.priority(),
                            order.terms().hashCode(),
                            Hashes.ofObject(order.clientOrderId()),
                            Hashes.ofObject(order.limit()),
                            Hashes.ofObject(order.status().name()),
                            Hashes.ofObject(order.selfTrade().name()),
                            Hashes.ofObject(order.orderType().name()),
                            Hashes.ofObject(order.timeInForce().name()));
        }
        return hash;
    }
}
