package io.perpetua.orders.app;

import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The placements this gateway sent last, so that a cancel that follows finds its market without a
 * query. The oldest is forgotten when a new one needs its place.
 */
@Singleton
class RecentPlacements {
    private final Map<OrderId, PlaceOrder> newest;

    RecentPlacements(OrdersConfig config) {
        int limit = config.recentPlacements();
        newest =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<OrderId, PlaceOrder> eldest) {
                        return size() > limit;
                    }
                };
    }

    synchronized void add(PlaceOrder order) {
        newest.put(order.orderId(), order);
    }

    /** Forgets a placement that made no order. */
    synchronized void remove(OrderId orderId) {
        newest.remove(orderId);
    }

    /** The user's own placement. */
    synchronized Optional<PlaceOrder> find(OrderId orderId, UserId user) {
        return Optional.ofNullable(newest.get(orderId)).filter(order -> order.user().equals(user));
    }
}
