package io.perpetua.orders.app;

import io.perpetua.contracts.value.MarketId;

/** An order and the market it belongs to. */
record FoundOrder(MarketId market, OrderView order) {}
