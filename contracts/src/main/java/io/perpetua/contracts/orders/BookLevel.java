package io.perpetua.contracts.orders;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;

/** The orders of one side at one price, taken together. */
public record BookLevel(Price price, Quantity size, int orders) {}
