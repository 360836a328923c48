package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.value.OrderId;

/**
 * An agent's command that makes no order of its own, a cancel or an amendment, came before under
 * the same nonce, as {@code original}: nothing happens again.
 */
public record RequestRepeated(OrderCommand command, OrderId original) implements Admission {}
