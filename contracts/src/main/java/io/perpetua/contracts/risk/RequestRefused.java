package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import org.jspecify.annotations.Nullable;

/**
 * A command was refused that makes no order of its own: a cancel, an amendment, or a placement
 * under a client order id that was used for another order. {@code orderId} is the order meant,
 * where known.
 */
public record RequestRefused(OrderCommand command, @Nullable OrderId orderId, Refusal refusal)
        implements Admission {}
