package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;

/** A new order was refused at admission: it is recorded as rejected. */
public record PlacementRefused(PlaceOrder command, Refusal refusal) implements Admission {}
