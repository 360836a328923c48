package io.perpetua.orders.domain.market;

import java.util.List;

/**
 * What has changed in a market since its changes were taken last: the rows to write. Orders and
 * positions are the live ones, each once, and to be read before the next command is decided; a
 * position of size 0 has none left, an order that is not open has left the book.
 */
public record MarketChanges(MarketState state, List<Order> orders, List<Position> positions) {}
