package io.perpetua.orders.domain.market;

import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.value.Price;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an order on the book is to become.
 *
 * @param size its total, filled part included (1e-8)
 * @param remaining what would stand on the book; not positive where too much has filled
 */
record Amendment(Price price, long size, long remaining) {
    static Amendment of(Order order, AmendOrder command) {
        Price price = orElse(command.price(), order.limit());
        long size = orElse(command.size(), order.size()).units();
        return new Amendment(price, size, size - order.filledUnits());
    }

    /** Whether the order keeps its place, and so can't trade. */
    boolean keepsPlace(Order order) {
        return price.equals(order.limit()) && remaining <= order.remainingUnits();
    }

    private static <T> T orElse(@Nullable T wish, @Nullable T current) {
        return wish == null ? Objects.requireNonNull(current) : wish;
    }
}
