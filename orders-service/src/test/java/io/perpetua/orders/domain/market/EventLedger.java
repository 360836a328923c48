package io.perpetua.orders.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.BookLevel;
import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.CommandRepeated;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderAmended;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.OrdersCancelled;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a reader of a market's events, who knows nothing else, believes: and what must be true of
 * it. Orders, positions and sums are folded from the events alone.
 */
final class EventLedger {
    private static final class Known {
        boolean buy;
        Price price;
        long remaining;
        long size;
        long filled;
        long quote;
        boolean closed;
    }

    private final Map<Long, Known> orders = new HashMap<>();
    private final Map<Long, long[]> positions = new HashMap<>();
    private final Set<Long> reduceOnly = new HashSet<>();
    private long realised;
    private long lastTradeId;

    void expectReduceOnly(long orderId) {
        reduceOnly.add(orderId);
    }

    /** Takes one command's events, which must end with the one that answers it. */
    void take(List<OrderEvent> events, List<TradeExecuted> trades, Reply reply) {
        assertThat(events).isNotEmpty();
        assertThat(events.getLast().reply()).isEqualTo(reply);
        assertThat(events.stream().filter(event -> event.reply() != null)).hasSize(1);
        takeAll(events, trades);
    }

    /** What came about without a command: orders of an ended market closed, and nothing else. */
    void takeClosures(List<OrderEvent> events, List<TradeExecuted> trades) {
        assertThat(trades).isEmpty();
        assertThat(events)
                .allSatisfy(
                        event -> {
                            assertThat(event).isInstanceOf(OrderClosed.class);
                            assertThat(event.reply()).isNull();
                        });
        takeAll(events, trades);
    }

    private void takeAll(List<OrderEvent> events, List<TradeExecuted> trades) {
        List<OrderFilled> fills = new ArrayList<>();
        for (OrderEvent event : events) {
            switch (event) {
                case OrderFilled filled -> {
                    fill(filled);
                    fills.add(filled);
                }
                case OrderOpened opened -> open(opened);
                case OrderAmended amended -> amend(amended);
                case OrderClosed closed -> close(closed);
                case OrdersCancelled cancelled -> assertThat(cancelled.count()).isNotNegative();
                case CommandRefused refused -> assertThat(events).hasSize(1);
                case CommandRepeated repeated -> assertThat(events).hasSize(1);
                case MarketApplied applied -> throw new AssertionError("a marker out of place");
            }
        }
        assertTrades(trades, fills);
    }

    void assertAgrees(MarketEngine engine) {
        long sizes = 0;
        long costs = 0;
        long longs = 0;
        for (long[] position : positions.values()) {
            sizes += position[0];
            costs += position[1];
            longs += Math.max(0, position[0]);
        }
        assertThat(sizes).isZero();
        assertThat(costs).isEqualTo(realised);
        assertThat(engine.openInterest()).isEqualTo(new Quantity(longs));
        assertThat(engine.state().realised().micros()).isEqualTo(realised);
        var depth = engine.depth(1_000, 0);
        assertThat(depth.bids()).isEqualTo(levels(true));
        assertThat(depth.asks()).isEqualTo(levels(false));
        if (!depth.bids().isEmpty() && !depth.asks().isEmpty()) {
            assertThat(depth.bids().getFirst().price()).isLessThan(depth.asks().getFirst().price());
        }
    }

    private void fill(OrderFilled event) {
        Known order = known(event.orderId().value());
        assertThat(order.closed).isFalse();
        order.filled += event.size().units();
        order.quote += event.notional().micros();
        order.remaining = event.remaining().units();
        realised += event.realised().micros();
        assertThat(event.notional()).isEqualTo(Amounts.notional(event.price(), event.size()));
        assertThat(event.fee())
                .isEqualTo(
                        Amounts.share(
                                event.notional(),
                                event.liquidity() == Liquidity.TAKER
                                        ? Commands.TAKER_FEE
                                        : Commands.MAKER_FEE,
                                RoundingMode.CEILING));

        long[] position = positions.computeIfAbsent(event.subaccount().value(), key -> new long[2]);
        boolean buy = event.side() == Side.BUY;
        long before = position[0];
        position[0] += buy ? event.size().units() : -event.size().units();
        position[1] +=
                (buy ? event.notional().micros() : -event.notional().micros())
                        + event.realised().micros();
        assertThat(event.positionSize().units()).isEqualTo(position[0]);
        assertThat(event.positionCost().micros()).isEqualTo(position[1]);
        if (reduceOnly.contains(event.orderId().value())) {
            assertThat(Math.abs(position[0])).isLessThan(Math.abs(before));
            assertThat(Math.abs(position[0] - before)).isLessThanOrEqualTo(Math.abs(before));
        }
    }

    private void open(OrderOpened event) {
        Known order = known(event.orderId().value());
        assertThat(order.closed).isFalse();
        assertThat(event.filled().units()).isEqualTo(order.filled);
        assertThat(event.quote().micros()).isEqualTo(order.quote);
        order.buy = event.side() == Side.BUY;
        order.price = event.price();
        order.size = event.size().units();
        order.remaining = order.size - order.filled;
        assertThat(order.remaining).isPositive();
    }

    private void amend(OrderAmended event) {
        Known order = known(event.orderId().value());
        assertThat(order.closed).isFalse();
        order.price = event.price();
        order.remaining = event.remaining().units();
        assertThat(event.size().units()).isEqualTo(order.filled + order.remaining);
    }

    private void close(OrderClosed event) {
        Known order = known(event.orderId().value());
        assertThat(order.closed).isFalse();
        assertThat(event.filled().units()).isEqualTo(order.filled);
        assertThat(event.quote().micros()).isEqualTo(order.quote);
        switch (event.status()) {
            case FILLED -> assertThat(event.filled()).isEqualTo(event.size());
            case CANCELLED -> {
                assertThat(event.filled()).isLessThan(event.size());
                assertThat(event.reason()).isNotNull();
            }
            case REJECTED -> {
                assertThat(event.filled()).isEqualTo(Quantity.ZERO);
                assertThat(event.refusal()).isNotNull();
            }
            case PENDING, OPEN, PARTIALLY_FILLED, EXPIRED ->
                    throw new AssertionError("closed as " + event.status());
        }
        order.closed = true;
        order.remaining = 0;
    }

    private void assertTrades(List<TradeExecuted> trades, List<OrderFilled> fills) {
        assertThat(fills).hasSize(2 * trades.size());
        for (int i = 0; i < trades.size(); i++) {
            TradeExecuted trade = trades.get(i);
            assertThat(trade.tradeId().value()).isGreaterThan(lastTradeId);
            lastTradeId = trade.tradeId().value();
            for (OrderFilled fill : fills.subList(2 * i, 2 * i + 2)) {
                assertThat(fill.tradeId()).isEqualTo(trade.tradeId());
                assertThat(fill.price()).isEqualTo(trade.price());
                assertThat(fill.size()).isEqualTo(trade.size());
            }
        }
    }

    /** How many orders rest. */
    int resting() {
        return (int) orders.values().stream().filter(order -> order.remaining > 0).count();
    }

    private List<BookLevel> levels(boolean buy) {
        TreeMap<Price, BookLevel> levels =
                new TreeMap<>(
                        buy ? Comparator.<Price>reverseOrder() : Comparator.<Price>naturalOrder());
        for (Known order : orders.values()) {
            if (order.remaining > 0 && order.buy == buy) {
                levels.merge(
                        order.price,
                        new BookLevel(order.price, new Quantity(order.remaining), 1),
                        (a, b) ->
                                new BookLevel(
                                        a.price(),
                                        a.size().plus(b.size()),
                                        a.orders() + b.orders()));
            }
        }
        return List.copyOf(levels.values());
    }

    private Known known(long orderId) {
        return orders.computeIfAbsent(orderId, key -> new Known());
    }
}
