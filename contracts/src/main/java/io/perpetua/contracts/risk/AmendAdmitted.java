package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.value.OrderId;

/**
 * The account can carry both versions of the order {@code orderId}; matching names the surviving
 * one.
 */
public record AmendAdmitted(AmendOrder command, OrderId orderId, long markSequence)
        implements Admission {}
