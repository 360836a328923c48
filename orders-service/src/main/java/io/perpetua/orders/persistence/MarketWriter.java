package io.perpetua.orders.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.UserId;
import io.perpetua.orders.domain.market.MarketState;
import io.perpetua.orders.domain.market.Order;
import io.perpetua.orders.domain.market.Position;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes what a batch changed: one statement a table, whatever the number of rows or markets. */
public final class MarketWriter {
    private static final String INSERT_ORDERS =
            """
            insert into orders (
                order_id, user_id, subaccount_id, market_id, client_order_id, side, order_type,
                time_in_force, self_trade, reduce_only, admitted_reduce_only, price_e8,
                limit_price_e8, size_e8, filled_e8, remaining_e8, quote_micros, taker_fee_nanos,
                maker_fee_nanos, self_trade_group, version, priority, is_open, status, reason,
                updated_at_millis, first_status, first_size_e8, first_filled_e8, first_quote_micros,
                first_reason, first_at_millis)
            select * from unnest(
                ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                ?, ?, ?, ?)
            """;

    private static final String UPDATE_ORDERS =
            """
            update orders o set
                price_e8 = n.price_e8, limit_price_e8 = n.limit_price_e8, size_e8 = n.size_e8,
                filled_e8 = n.filled_e8, remaining_e8 = n.remaining_e8,
                quote_micros = n.quote_micros, version = n.version, priority = n.priority,
                is_open = n.is_open, status = n.status, reason = n.reason,
                updated_at_millis = n.updated_at_millis
            from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                as n(order_id, price_e8, limit_price_e8, size_e8, filled_e8, remaining_e8,
                     quote_micros, version, priority, is_open, status, reason, updated_at_millis)
            where o.order_id = n.order_id
            """;

    private static final String INSERT_WITHOUT_ORDER =
            """
            insert into placements_without_order (
                command_id, user_id, original_order_id, refusal, at_millis)
            select * from unnest(?, ?, ?, ?, ?)
            """;

    private static final String INSERT_FILLS =
            """
            insert into fills (
                user_id, trade_id, order_id, subaccount_id, market_id, side, liquidity, price_e8,
                size_e8, notional_micros, fee_micros, realised_micros, position_size_e8,
                position_cost_micros, at_millis)
            select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String INSERT_TRADES =
            """
            insert into trades (
                market_id, trade_id, taker_side, price_e8, size_e8, notional_micros, at_millis)
            select * from unnest(?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String UPSERT_POSITIONS =
            """
            insert into positions (market_id, subaccount_id, user_id, size_e8, cost_micros)
            select * from unnest(?, ?, ?, ?, ?)
            on conflict (market_id, subaccount_id) do update set
                size_e8 = excluded.size_e8, cost_micros = excluded.cost_micros
            """;

    private static final String UPSERT_STATES =
            """
            insert into market_states as s (
                market_id, book_sequence, last_priority, last_trade_id, last_price_e8, trades,
                realised_micros, volume_e8, volume_micros)
            select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (market_id) do update set
                book_sequence = excluded.book_sequence, last_priority = excluded.last_priority,
                last_trade_id = excluded.last_trade_id, last_price_e8 = excluded.last_price_e8,
                trades = excluded.trades, realised_micros = excluded.realised_micros,
                volume_e8 = s.volume_e8 + excluded.volume_e8,
                volume_micros = s.volume_micros + excluded.volume_micros
            """;

    private static final String UPDATE_DEFINITIONS =
            """
            update market_states s set definition = n.definition::jsonb
            from unnest(?, ?) as n(market_id, definition)
            where s.market_id = n.market_id
            """;

    private MarketWriter() {}

    /** A position and the market it is in. */
    public record MarketPosition(MarketId market, Position position) {}

    /** A market's state and what its trades of this batch add to its volume. */
    public record StateChange(MarketState state, long volumeUnits, long volumeMicros) {}

    /** A placement that made no order: either the order it repeats, or why it was refused. */
    public record WithoutOrder(
            OrderId commandId,
            UserId user,
            @Nullable OrderId original,
            @Nullable Refusal refusal,
            long atMillis) {}

    /** Writes orders that have no row yet. */
    public static void insertOrders(Connection transaction, List<Order> orders)
            throws SQLException {
        Columns rows =
                new Columns(
                        orders.size(),
                        "bigint bigint bigint integer text text text text text "
                                + "boolean boolean bigint bigint bigint bigint bigint bigint "
                                + "bigint bigint bigint integer bigint boolean text text bigint "
                                + "text bigint bigint bigint text bigint");
        for (Order order : orders) {
            Order.Answer first = Objects.requireNonNull(order.first());
            rows.add(
                    order.id().value(),
                    order.user().value(),
                    order.subaccount().value(),
                    order.market().value(),
                    order.clientOrderId(),
                    order.side().name(),
                    order.orderType().name(),
                    order.timeInForce().name(),
                    order.selfTrade().name(),
                    order.placement().reduceOnly(),
                    order.terms().reduceOnly(),
                    units(order.price()),
                    units(order.limit()),
                    order.size().units(),
                    order.filled().units(),
                    order.remaining().units(),
                    order.quote().micros(),
                    order.terms().takerFee().nanos(),
                    order.terms().makerFee().nanos(),
                    order.terms().selfTradeGroup(),
                    order.version(),
                    order.priority(),
                    order.isOpen(),
                    order.status().name(),
                    reason(order.refusal(), order.reason()),
                    order.updatedAtMillis(),
                    first.status().name(),
                    first.size().units(),
                    first.filled().units(),
                    first.quote().micros(),
                    reason(first.refusal(), first.reason()),
                    first.atMillis());
        }
        rows.execute(transaction, INSERT_ORDERS);
    }

    /** Writes what changed of orders that have a row. */
    public static void updateOrders(Connection transaction, List<Order> orders)
            throws SQLException {
        Columns rows =
                new Columns(
                        orders.size(),
                        "bigint bigint bigint bigint bigint bigint bigint integer "
                                + "bigint boolean text text bigint");
        for (Order order : orders) {
            rows.add(
                    order.id().value(),
                    units(order.price()),
                    units(order.limit()),
                    order.size().units(),
                    order.filled().units(),
                    order.remaining().units(),
                    order.quote().micros(),
                    order.version(),
                    order.priority(),
                    order.isOpen(),
                    order.status().name(),
                    reason(order.refusal(), order.reason()),
                    order.updatedAtMillis());
        }
        rows.execute(transaction, UPDATE_ORDERS);
    }

    /** Writes placements that made no order. */
    public static void insertWithoutOrder(Connection transaction, List<WithoutOrder> placements)
            throws SQLException {
        Columns rows = new Columns(placements.size(), "bigint bigint bigint text bigint");
        for (WithoutOrder placement : placements) {
            rows.add(
                    placement.commandId().value(),
                    placement.user().value(),
                    placement.original() == null ? null : placement.original().value(),
                    placement.refusal() == null ? null : placement.refusal().name(),
                    placement.atMillis());
        }
        rows.execute(transaction, INSERT_WITHOUT_ORDER);
    }

    /** Writes both sides of trades. */
    public static void insertFills(Connection transaction, List<OrderFilled> fills)
            throws SQLException {
        Columns rows =
                new Columns(
                        fills.size(),
                        "bigint bigint bigint bigint integer text text bigint bigint "
                                + "bigint bigint bigint bigint bigint bigint");
        for (OrderFilled fill : fills) {
            rows.add(
                    fill.user().value(),
                    fill.tradeId().value(),
                    fill.orderId().value(),
                    fill.subaccount().value(),
                    fill.market().value(),
                    fill.side().name(),
                    fill.liquidity().name(),
                    fill.price().units(),
                    fill.size().units(),
                    fill.notional().micros(),
                    fill.fee().micros(),
                    fill.realised().micros(),
                    fill.positionSize().units(),
                    fill.positionCost().micros(),
                    fill.atMillis());
        }
        rows.execute(transaction, INSERT_FILLS);
    }

    /** Writes trades as the public sees them. */
    public static void insertTrades(Connection transaction, List<TradeExecuted> trades)
            throws SQLException {
        Columns rows =
                new Columns(trades.size(), "integer bigint text bigint bigint bigint bigint");
        for (TradeExecuted trade : trades) {
            rows.add(
                    trade.market().value(),
                    trade.tradeId().value(),
                    trade.takerSide().name(),
                    trade.price().units(),
                    trade.size().units(),
                    trade.notional().micros(),
                    trade.atMillis());
        }
        rows.execute(transaction, INSERT_TRADES);
    }

    /** Writes positions as they stand. */
    public static void upsertPositions(Connection transaction, List<MarketPosition> positions)
            throws SQLException {
        Columns rows = new Columns(positions.size(), "integer bigint bigint bigint bigint");
        for (MarketPosition row : positions) {
            Position position = row.position();
            rows.add(
                    row.market().value(),
                    position.subaccount().value(),
                    position.user().value(),
                    position.size().units(),
                    position.cost().micros());
        }
        rows.execute(transaction, UPSERT_POSITIONS);
    }

    /** Writes markets' states, but for their definitions. */
    public static void upsertStates(Connection transaction, List<StateChange> changes)
            throws SQLException {
        Columns rows =
                new Columns(
                        changes.size(),
                        "integer bigint bigint bigint bigint bigint bigint bigint " + "bigint");
        for (StateChange change : changes) {
            MarketState state = change.state();
            rows.add(
                    state.market().value(),
                    state.bookSequence(),
                    state.lastPriority(),
                    state.lastTradeId(),
                    units(state.last()),
                    state.trades(),
                    state.realised().micros(),
                    change.volumeUnits(),
                    change.volumeMicros());
        }
        rows.execute(transaction, UPSERT_STATES);
    }

    /** Writes definitions of markets that have a state. */
    public static void updateDefinitions(Connection transaction, List<Market> definitions)
            throws SQLException {
        Columns rows = new Columns(definitions.size(), "integer text");
        for (Market definition : definitions) {
            rows.add(
                    definition.id().value(),
                    new String(
                            EventCodec.encode(Market.class, definition), StandardCharsets.UTF_8));
        }
        rows.execute(transaction, UPDATE_DEFINITIONS);
    }

    private static @Nullable Long units(@Nullable Price price) {
        return price == null ? null : price.units();
    }

    private static @Nullable String reason(@Nullable Enum<?> refusal, @Nullable Enum<?> reason) {
        if (refusal != null) {
            return refusal.name();
        }
        return reason == null ? null : reason.name();
    }
}
