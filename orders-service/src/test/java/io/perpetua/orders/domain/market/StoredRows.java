package io.perpetua.orders.domain.market;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A market's rows, as its changes are written into them; holds nothing of the engine itself. */
final class StoredRows {
    private record OrderRow(Order order, Order.Progress progress) {}

    private final Map<Long, OrderRow> orders = new HashMap<>();
    private final Map<Long, Position> positions = new HashMap<>();
    private MarketState state = MarketState.empty(Commands.MARKET);

    void write(MarketChanges changes) {
        state = changes.state();
        for (Order order : changes.orders()) {
            orders.put(order.id().value(), new OrderRow(order, order.progress()));
        }
        for (Position position : changes.positions()) {
            positions.put(position.subaccount().value(), copy(position));
        }
    }

    MarketEngine load() {
        List<Order> open =
                orders.values().stream()
                        .filter(row -> row.progress().remaining().signum() > 0)
                        .map(StoredRows::copy)
                        .toList();
        List<Position> held =
                positions.values().stream()
                        .filter(position -> position.size().signum() != 0)
                        .map(StoredRows::copy)
                        .toList();
        return MarketEngine.restore(
                state,
                held,
                open,
                new TradeIds(1),
                (id, subaccount) -> {
                    OrderRow row = orders.get(id.value());
                    return row != null && row.order().subaccount().equals(subaccount);
                });
    }

    Order.Progress progressOf(long orderId) {
        return orders.get(orderId).progress();
    }

    private static Order copy(OrderRow row) {
        return new Order(row.order().placement(), row.order().terms(), row.progress());
    }

    private static Position copy(Position position) {
        return new Position(
                position.user(), position.subaccount(), position.size(), position.cost());
    }
}
