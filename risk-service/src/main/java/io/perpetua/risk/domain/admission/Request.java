package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;

/**
 * A placement under a client order id that was decided before, whatever the outcome.
 *
 * @param orderId the order's id
 * @param contentHash of what the client asked for
 */
public record Request(OrderId orderId, long contentHash) {
    /** What names it: client order ids are unique in a subaccount. */
    public record Key(SubaccountId subaccount, String clientOrderId) {}
}
