package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.value.OrderId;

/** Cancel the order {@code orderId}. */
public record CancelAdmitted(CancelOrder command, OrderId orderId) implements Admission {}
