package io.perpetua.orders.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.orders.domain.market.MarketState;
import io.perpetua.orders.domain.market.Order;
import io.perpetua.orders.domain.market.Position;
import io.perpetua.orders.persistence.CopiedRows.Names;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what market shards need to go on: their markets' states, positions and open orders. */
public final class MarketLoader {
    private static final int FETCH_SIZE = 10_000;

    private static final String STATES =
            """
            select market_id, definition::text, book_sequence, last_priority, last_trade_id,
                   last_price_e8, trades, realised_micros
            from market_states
            where mod(market_id, %d) = any(?)
            """
                    .formatted(Partitions.MARKETS);

    private static final String POSITIONS =
            """
            select market_id, user_id, subaccount_id, size_e8, cost_micros
            from positions
            where mod(market_id, %d) = any(?) and size_e8 <> 0
            """
                    .formatted(Partitions.MARKETS);

    private static final String OPEN_ORDERS =
            """
            select market_id, order_id, user_id, subaccount_id, client_order_id, side, order_type,
                   time_in_force, self_trade, reduce_only, admitted_reduce_only, price_e8,
                   limit_price_e8, size_e8, filled_e8, remaining_e8, quote_micros, taker_fee_nanos,
                   maker_fee_nanos, self_trade_group, version, priority, status, updated_at_millis
            from orders
            where is_open and mod(market_id, %d) in
            """
                    .formatted(Partitions.MARKETS);

    private static final String PAST_ORDERS =
            """
            select order_id, subaccount_id from orders where order_id = any(?) and not is_open
            """;

    private MarketLoader() {}

    /** Everything of one market. */
    public record LoadedMarket(
            MarketState state, List<Position> positions, List<Order> openOrders) {}

    /** The markets of these shards, by id. */
    public static Collection<LoadedMarket> markets(Connection transaction, List<Integer> shards)
            throws SQLException {
        Map<MarketId, LoadedMarket> markets = new TreeMap<>();
        each(
                transaction,
                STATES,
                shards,
                row -> {
                    MarketState state = state(row);
                    markets.put(
                            state.market(),
                            new LoadedMarket(state, new ArrayList<>(), new ArrayList<>()));
                });
        each(
                transaction,
                POSITIONS,
                shards,
                row -> of(markets, new MarketId(row.getInt(1))).positions().add(position(row)));
        OrderRows orders = new OrderRows();
        CopiedRows.each(
                transaction,
                OPEN_ORDERS
                        + shards.stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",", "(", ")")),
                row -> {
                    Order order = orders.read(row);
                    of(markets, order.market()).openOrders().add(order);
                });
        return markets.values();
    }

    /** Those of these orders that exist and have ended, with the subaccounts they belong to. */
    public static Map<OrderId, SubaccountId> pastOrders(
            Connection transaction, Collection<OrderId> orders) throws SQLException {
        Map<OrderId, SubaccountId> past = new TreeMap<>();
        Long[] ids = orders.stream().map(OrderId::value).toArray(Long[]::new);
        try (PreparedStatement statement = transaction.prepareStatement(PAST_ORDERS)) {
            statement.setArray(1, transaction.createArrayOf("bigint", ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    past.put(new OrderId(row.getLong(1)), new SubaccountId(row.getLong(2)));
                }
            }
        }
        return past;
    }

    private interface RowTaker {
        void take(ResultSet row) throws SQLException;
    }

    private static void each(
            Connection transaction, String sql, List<Integer> shards, RowTaker taker)
            throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setArray(
                    1, transaction.createArrayOf("integer", shards.toArray(Integer[]::new)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    taker.take(row);
                }
            }
        }
    }

    private static LoadedMarket of(Map<MarketId, LoadedMarket> markets, MarketId id) {
        LoadedMarket market = markets.get(id);
        if (market == null) {
            throw new IllegalStateException("market " + id + " has rows and no state");
        }
        return market;
    }

    private static MarketState state(ResultSet row) throws SQLException {
        String definition = row.getString(2);
        return new MarketState(
                new MarketId(row.getInt(1)),
                definition == null
                        ? null
                        : EventCodec.decode(
                                Market.class, definition.getBytes(StandardCharsets.UTF_8)),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                price(row.getLong(6)),
                row.getLong(7),
                new Usd(row.getLong(8)));
    }

    private static Position position(ResultSet row) throws SQLException {
        return new Position(
                new UserId(row.getLong(2)),
                new SubaccountId(row.getLong(3)),
                new Quantity(row.getLong(4)),
                new Usd(row.getLong(5)));
    }

    /**
     * Makes orders of rows. A restart may bring a million of them, so what many have in common,
     * their owner or their fee rates, is made once.
     */
    private static final class OrderRows {
        private final Names<Side> sides = new Names<>(Side.class);
        private final Names<OrderType> types = new Names<>(OrderType.class);
        private final Names<TimeInForce> timesInForce = new Names<>(TimeInForce.class);
        private final Names<SelfTrade> selfTrades = new Names<>(SelfTrade.class);
        private final Names<OrderStatus> statuses = new Names<>(OrderStatus.class);
        private final Map<MarketId, MarketId> markets = new HashMap<>();
        private final Map<UserId, UserId> users = new HashMap<>();
        private final Map<SubaccountId, SubaccountId> subaccounts = new HashMap<>();
        private final Map<Price, Price> prices = new HashMap<>();
        private final Map<Order.Terms, Order.Terms> allTerms = new HashMap<>();

        Order read(CopiedRows row) {
            MarketId market = once(markets, new MarketId(row.readInt()));
            OrderId id = new OrderId(row.readLong());
            UserId user = once(users, new UserId(row.readLong()));
            SubaccountId subaccount = once(subaccounts, new SubaccountId(row.readLong()));
            String clientOrderId = row.readText();
            Side side = sides.read(row);
            OrderType type = types.read(row);
            TimeInForce timeInForce = timesInForce.read(row);
            SelfTrade selfTrade = selfTrades.read(row);
            boolean reduceOnly = row.readBoolean();
            boolean admittedReduceOnly = row.readBoolean();
            Price price = price(row.readLongOrZero());
            Price limit = price(row.readLongOrZero());
            Quantity size = new Quantity(row.readLong());
            Quantity filled = new Quantity(row.readLong());
            Quantity remaining = new Quantity(row.readLong());
            Usd quote = new Usd(row.readLong());
            Rate takerFee = new Rate(row.readLong());
            Rate makerFee = new Rate(row.readLong());
            long selfTradeGroup = row.readLong();
            PlaceOrder placement =
                    new PlaceOrder(
                            id,
                            user,
                            subaccount,
                            market,
                            clientOrderId,
                            side,
                            type,
                            timeInForce,
                            price,
                            size,
                            reduceOnly,
                            selfTrade,
                            0,
                            0,
                            null);
            Order.Terms terms =
                    once(
                            allTerms,
                            new Order.Terms(
                                    admittedReduceOnly, takerFee, makerFee, selfTradeGroup));
            Order.Progress progress =
                    new Order.Progress(
                            limit,
                            size,
                            filled,
                            remaining,
                            quote,
                            row.readInt(),
                            row.readLong(),
                            statuses.read(row),
                            null,
                            null,
                            row.readLong(),
                            null);
            return new Order(placement, terms, progress);
        }

        private @Nullable Price price(long units) {
            return units == 0 ? null : once(prices, new Price(units));
        }

        /** The equal value that was made before, or this one. */
        private static <T> T once(Map<T, T> made, T value) {
            T before = made.putIfAbsent(value, value);
            return before == null ? value : before;
        }
    }

    /** Null is read as 0, which is no price. */
    private static @Nullable Price price(long units) {
        return units == 0 ? null : new Price(units);
    }
}
