package io.perpetua.orders.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.RowArray;
import io.perpetua.eventlog.Writes;
import io.perpetua.orders.domain.market.MarketState;
import io.perpetua.orders.domain.market.Order;
import io.perpetua.orders.domain.market.Position;
import java.nio.charset.StandardCharsets;
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
            select * from unnest(?)
            """;

    private static final String UPDATE_ORDERS =
            """
            update orders o set
                price_e8 = n.price_e8, limit_price_e8 = n.limit_price_e8, size_e8 = n.size_e8,
                filled_e8 = n.filled_e8, remaining_e8 = n.remaining_e8,
                quote_micros = n.quote_micros, version = n.version, priority = n.priority,
                is_open = n.is_open, status = n.status, reason = n.reason,
                updated_at_millis = n.updated_at_millis
            from unnest(?)
                as n(order_id, price_e8, limit_price_e8, size_e8, filled_e8, remaining_e8,
                     quote_micros, version, priority, is_open, status, reason, updated_at_millis)
            where o.order_id = n.order_id
            """;

    private static final String INSERT_WITHOUT_ORDER =
            """
            insert into placements_without_order (
                command_id, user_id, original_order_id, refusal, at_millis)
            select * from unnest(?)
            """;

    private static final String INSERT_FILLS =
            """
            insert into fills (
                user_id, trade_id, order_id, subaccount_id, market_id, side, liquidity, price_e8,
                size_e8, notional_micros, fee_micros, realised_micros, position_size_e8,
                position_cost_micros, at_millis)
            select * from unnest(?)
            """;

    private static final String INSERT_TRADES =
            """
            insert into trades (
                market_id, trade_id, taker_side, price_e8, size_e8, notional_micros, at_millis)
            select * from unnest(?)
            """;

    private static final String UPSERT_POSITIONS =
            """
            insert into positions (market_id, subaccount_id, user_id, size_e8, cost_micros)
            select * from unnest(?)
            on conflict (market_id, subaccount_id) do update set
                size_e8 = excluded.size_e8, cost_micros = excluded.cost_micros
            """;

    private static final String UPSERT_STATES =
            """
            insert into market_states as s (
                market_id, book_sequence, last_priority, last_trade_id, last_price_e8, trades,
                realised_micros, volume_e8, volume_micros)
            select * from unnest(?)
            on conflict (market_id) do update set
                book_sequence = excluded.book_sequence, last_priority = excluded.last_priority,
                last_trade_id = excluded.last_trade_id, last_price_e8 = excluded.last_price_e8,
                trades = excluded.trades, realised_micros = excluded.realised_micros,
                volume_e8 = s.volume_e8 + excluded.volume_e8,
                volume_micros = s.volume_micros + excluded.volume_micros
            """;

    private static final String INSERT_AGENT_ANSWERS =
            """
            insert into agent_answers (command_id, user_id, event)
            select command_id, user_id, event::jsonb from unnest(?)
            """;
    private static final String UPDATE_DEFINITIONS =
            """
            update market_states s set definition = n.definition::jsonb
            from unnest(?) as n(market_id, definition)
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

    /** What an agent's command, which made no order, was answered. */
    public record AgentAnswer(OrderId commandId, UserId user, OrderEvent event) {}

    /** Writes orders that have no row yet. */
    public static void insertOrders(Writes writes, List<Order> orders) {
        RowArray rows = new RowArray(INSERT_ORDERS, "order_row", 32);
        for (Order order : orders) {
            Order.Answer first = Objects.requireNonNull(order.first());
            rows.row()
                    .bigint(order.id().value())
                    .bigint(order.user().value())
                    .bigint(order.subaccount().value())
                    .integer(order.market().value())
                    .text(order.clientOrderId())
                    .text(order.side().name())
                    .text(order.orderType().name())
                    .text(order.timeInForce().name())
                    .text(order.selfTrade().name())
                    .bool(order.placement().reduceOnly())
                    .bool(order.terms().reduceOnly())
                    .bigint(units(order.price()))
                    .bigint(units(order.limit()))
                    .bigint(order.size().units())
                    .bigint(order.filled().units())
                    .bigint(order.remaining().units())
                    .bigint(order.quote().micros())
                    .bigint(order.terms().takerFee().nanos())
                    .bigint(order.terms().makerFee().nanos())
                    .bigint(order.terms().selfTradeGroup())
                    .integer(order.version())
                    .bigint(order.priority())
                    .bool(order.isOpen())
                    .text(order.status().name())
                    .text(reason(order.refusal(), order.reason()))
                    .bigint(order.updatedAtMillis())
                    .text(first.status().name())
                    .bigint(first.size().units())
                    .bigint(first.filled().units())
                    .bigint(first.quote().micros())
                    .text(reason(first.refusal(), first.reason()))
                    .bigint(first.atMillis());
        }
        writes.add(rows);
    }

    /** Writes what changed of orders that have a row. */
    public static void updateOrders(Writes writes, List<Order> orders) {
        RowArray rows = new RowArray(UPDATE_ORDERS, "order_change_row", 13);
        for (Order order : orders) {
            rows.row()
                    .bigint(order.id().value())
                    .bigint(units(order.price()))
                    .bigint(units(order.limit()))
                    .bigint(order.size().units())
                    .bigint(order.filled().units())
                    .bigint(order.remaining().units())
                    .bigint(order.quote().micros())
                    .integer(order.version())
                    .bigint(order.priority())
                    .bool(order.isOpen())
                    .text(order.status().name())
                    .text(reason(order.refusal(), order.reason()))
                    .bigint(order.updatedAtMillis());
        }
        writes.add(rows);
    }

    /** Writes placements that made no order. */
    public static void insertWithoutOrder(Writes writes, List<WithoutOrder> placements) {
        RowArray rows = new RowArray(INSERT_WITHOUT_ORDER, "placement_without_order_row", 5);
        for (WithoutOrder placement : placements) {
            rows.row()
                    .bigint(placement.commandId().value())
                    .bigint(placement.user().value())
                    .bigint(placement.original() == null ? null : placement.original().value())
                    .text(placement.refusal() == null ? null : placement.refusal().name())
                    .bigint(placement.atMillis());
        }
        writes.add(rows);
    }

    /** Writes what agents' cancels and amendments were answered. */
    public static void insertAgentAnswers(Writes writes, List<AgentAnswer> answers) {
        RowArray rows = new RowArray(INSERT_AGENT_ANSWERS, "agent_answer_row", 3);
        for (AgentAnswer answer : answers) {
            rows.row()
                    .bigint(answer.commandId().value())
                    .bigint(answer.user().value())
                    .text(
                            new String(
                                    EventCodec.encode(OrderEvent.class, answer.event()),
                                    StandardCharsets.UTF_8));
        }
        writes.add(rows);
    }

    /** Writes both sides of trades. */
    public static void insertFills(Writes writes, List<OrderFilled> fills) {
        RowArray rows = new RowArray(INSERT_FILLS, "fill_row", 15);
        for (OrderFilled fill : fills) {
            rows.row()
                    .bigint(fill.user().value())
                    .bigint(fill.tradeId().value())
                    .bigint(fill.orderId().value())
                    .bigint(fill.subaccount().value())
                    .integer(fill.market().value())
                    .text(fill.side().name())
                    .text(fill.liquidity().name())
                    .bigint(fill.price().units())
                    .bigint(fill.size().units())
                    .bigint(fill.notional().micros())
                    .bigint(fill.fee().micros())
                    .bigint(fill.realised().micros())
                    .bigint(fill.positionSize().units())
                    .bigint(fill.positionCost().micros())
                    .bigint(fill.atMillis());
        }
        writes.add(rows);
    }

    /** Writes trades as the public sees them. */
    public static void insertTrades(Writes writes, List<TradeExecuted> trades) {
        RowArray rows = new RowArray(INSERT_TRADES, "trade_row", 7);
        for (TradeExecuted trade : trades) {
            rows.row()
                    .integer(trade.market().value())
                    .bigint(trade.tradeId().value())
                    .text(trade.takerSide().name())
                    .bigint(trade.price().units())
                    .bigint(trade.size().units())
                    .bigint(trade.notional().micros())
                    .bigint(trade.atMillis());
        }
        writes.add(rows);
    }

    /** Writes positions as they stand. */
    public static void upsertPositions(Writes writes, List<MarketPosition> positions) {
        RowArray rows = new RowArray(UPSERT_POSITIONS, "position_row", 5);
        for (MarketPosition row : positions) {
            Position position = row.position();
            rows.row()
                    .integer(row.market().value())
                    .bigint(position.subaccount().value())
                    .bigint(position.user().value())
                    .bigint(position.size().units())
                    .bigint(position.cost().micros());
        }
        writes.add(rows);
    }

    /** Writes markets' states, but for their definitions. */
    public static void upsertStates(Writes writes, List<StateChange> changes) {
        RowArray rows = new RowArray(UPSERT_STATES, "market_state_row", 9);
        for (StateChange change : changes) {
            MarketState state = change.state();
            rows.row()
                    .integer(state.market().value())
                    .bigint(state.bookSequence())
                    .bigint(state.lastPriority())
                    .bigint(state.lastTradeId())
                    .bigint(units(state.last()))
                    .bigint(state.trades())
                    .bigint(state.realised().micros())
                    .bigint(change.volumeUnits())
                    .bigint(change.volumeMicros());
        }
        writes.add(rows);
    }

    /** Writes definitions of markets that have a state. */
    public static void updateDefinitions(Writes writes, List<Market> definitions) {
        RowArray rows = new RowArray(UPDATE_DEFINITIONS, "market_definition_row", 2);
        for (Market definition : definitions) {
            rows.row()
                    .integer(definition.id().value())
                    .text(
                            new String(
                                    EventCodec.encode(Market.class, definition),
                                    StandardCharsets.UTF_8));
        }
        writes.add(rows);
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
