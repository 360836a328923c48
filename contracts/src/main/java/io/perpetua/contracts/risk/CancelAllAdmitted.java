package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.CancelAllOrders;

/** Cancel the subaccount's orders in the market. */
public record CancelAllAdmitted(CancelAllOrders command) implements Admission {}
