package io.perpetua.orders.domain.market;

import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;

/** Knows orders that are no longer open, so that a late cancel is told from a wrong one. */
@FunctionalInterface
public interface PastOrders {
    /** Knows none. */
    PastOrders NONE = (order, subaccount) -> false;

    /** Whether the subaccount had such an order, which has ended. */
    boolean contains(OrderId order, SubaccountId subaccount);
}
