package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.OrderId;

/** The same placement came before, as {@code original}. */
public record PlacementRepeated(PlaceOrder command, OrderId original) implements Admission {}
