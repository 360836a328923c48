package io.perpetua.orders.persistence;

import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.AgentRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads orders for their owner, within a transaction that row-level security confines to that user.
 */
public final class OrderReader {
    private static final String COLUMNS =
            """
            select order_id, user_id, subaccount_id, market_id, client_order_id, side, order_type,
                   time_in_force, self_trade, reduce_only, price_e8, size_e8, filled_e8,
                   remaining_e8, quote_micros, status, reason, updated_at_millis,
                   first_status, first_size_e8, first_filled_e8, first_quote_micros, first_reason,
                   first_at_millis
            from orders
            where user_id = ?\
            """;

    private OrderReader() {}

    /**
     * What a list of orders is narrowed to; null or empty narrows nothing.
     *
     * @param before only orders older than this one
     * @param readable what an agent that asks may see of them
     */
    public record Filter(
            Set<OrderStatus> statuses,
            @Nullable MarketId market,
            @Nullable SubaccountId subaccount,
            @Nullable String clientOrderId,
            @Nullable OrderId before,
            @Nullable AgentFilter readable) {
        private static final Set<OrderStatus> OPEN =
                Set.of(OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED);

        private boolean wantsOpenOnly() {
            return !statuses.isEmpty() && OPEN.containsAll(statuses);
        }
    }

    /** A placement that made no order. */
    public sealed interface WithoutOrder {
        /** It repeated an earlier one. */
        record Repeat(OrderId original) implements WithoutOrder {}

        /** It was refused. */
        record Refused(Refusal refusal) implements WithoutOrder {}
    }

    /** The user's order of this id. */
    public static Optional<OrderRow> find(Connection transaction, UserId user, OrderId orderId)
            throws SQLException {
        return new Query(COLUMNS, user.value())
                        .and("and order_id = ?", orderId.value())
                        .list(transaction, OrderReader::row)
                        .stream()
                        .findFirst();
    }

    /** Those of the user's orders that have one of these ids. */
    public static List<OrderRow> find(
            Connection transaction, UserId user, Collection<OrderId> orderIds) throws SQLException {
        return new Query(COLUMNS, user.value())
                .and(
                        "and order_id = any(?)",
                        (Object) orderIds.stream().map(OrderId::value).toArray(Long[]::new))
                .list(transaction, OrderReader::row);
    }

    /** The user's orders that pass the filter, newest first. */
    public static List<OrderRow> list(Connection transaction, UserId user, Filter filter, int limit)
            throws SQLException {
        Query query = new Query(COLUMNS, user.value());
        if (filter.wantsOpenOnly()) {
            query.and("and is_open");
        }
        if (!filter.statuses().isEmpty()) {
            query.and(
                    "and status = any(?)",
                    (Object) filter.statuses().stream().map(Enum::name).toArray(String[]::new));
        }
        if (filter.market() != null) {
            query.and("and market_id = ?", filter.market().value());
        }
        if (filter.subaccount() != null) {
            query.and("and subaccount_id = ?", filter.subaccount().value());
        }
        if (filter.clientOrderId() != null) {
            query.and("and client_order_id = ?", filter.clientOrderId());
        }
        if (filter.before() != null) {
            query.and("and order_id < ?", filter.before().value());
        }
        if (filter.readable() != null) {
            query.and(
                    "and " + AgentRows.condition(filter.readable(), "subaccount_id", "market_id"));
        }
        return query.and("order by order_id desc limit ?", limit)
                .list(transaction, OrderReader::row);
    }

    /** The user's placement of this id, if it made no order. */
    public static Optional<WithoutOrder> findWithoutOrder(
            Connection transaction, UserId user, OrderId commandId) throws SQLException {
        return new Query(
                        """
                        select original_order_id, refusal
                        from placements_without_order
                        where user_id = ? and command_id = ?\
                        """,
                        user.value(),
                        commandId.value())
                .list(transaction, OrderReader::withoutOrder).stream().findFirst();
    }

    private static WithoutOrder withoutOrder(ResultSet row) throws SQLException {
        long original = row.getLong(1);
        String refusal = row.getString(2);
        return refusal == null
                ? new WithoutOrder.Repeat(new OrderId(original))
                : new WithoutOrder.Refused(Refusal.valueOf(refusal));
    }

    private static OrderRow row(ResultSet row) throws SQLException {
        long price = row.getLong(11);
        return new OrderRow(
                new OrderId(row.getLong(1)),
                new UserId(row.getLong(2)),
                new SubaccountId(row.getLong(3)),
                new MarketId(row.getInt(4)),
                row.getString(5),
                Side.valueOf(row.getString(6)),
                OrderType.valueOf(row.getString(7)),
                TimeInForce.valueOf(row.getString(8)),
                SelfTrade.valueOf(row.getString(9)),
                row.getBoolean(10),
                price == 0 ? null : new Price(price),
                new Quantity(row.getLong(12)),
                new Quantity(row.getLong(13)),
                new Quantity(row.getLong(14)),
                new Usd(row.getLong(15)),
                OrderStatus.valueOf(row.getString(16)),
                row.getString(17),
                row.getLong(18),
                new OrderRow.First(
                        OrderStatus.valueOf(row.getString(19)),
                        new Quantity(row.getLong(20)),
                        new Quantity(row.getLong(21)),
                        new Usd(row.getLong(22)),
                        row.getString(23),
                        row.getLong(24)));
    }
}
