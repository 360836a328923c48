package io.perpetua.orders.persistence;

import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.AgentRows;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads trades: a user's own side of them, the public's view, and a market's sums. */
public final class TradeReader {
    private TradeReader() {}

    /** A place in the list of fills. */
    public record Place(long tradeId, long orderId) {}

    /** What a list of fills is narrowed to; null narrows nothing. */
    public record Filter(
            @Nullable MarketId market,
            @Nullable SubaccountId subaccount,
            @Nullable OrderId order,
            @Nullable Place before,
            @Nullable AgentFilter readable) {}

    /** The user's fills that pass the filter, newest first. */
    public static List<FillRow> fills(Connection transaction, UserId user, Filter filter, int limit)
            throws SQLException {
        Query query =
                new Query(
                        """
                        select trade_id, order_id, subaccount_id, market_id, side, liquidity,
                               price_e8, size_e8, notional_micros, fee_micros, realised_micros,
                               position_size_e8, position_cost_micros, at_millis
                        from fills
                        where user_id = ?\
                        """,
                        user.value());
        if (filter.market() != null) {
            query.and("and market_id = ?", filter.market().value());
        }
        if (filter.subaccount() != null) {
            query.and("and subaccount_id = ?", filter.subaccount().value());
        }
        if (filter.order() != null) {
            query.and("and order_id = ?", filter.order().value());
        }
        Place before = filter.before();
        if (before != null) {
            query.and("and (trade_id, order_id) < (?, ?)", before.tradeId(), before.orderId());
        }
        if (filter.readable() != null) {
            query.and(
                    "and " + AgentRows.condition(filter.readable(), "subaccount_id", "market_id"));
        }
        return query.and("order by trade_id desc, order_id desc limit ?", limit)
                .list(transaction, TradeReader::fill);
    }

    /** The market's trades, newest first. */
    public static List<TradeRow> trades(
            Connection transaction, MarketId market, @Nullable TradeId before, int limit)
            throws SQLException {
        Query query =
                new Query(
                        """
                        select trade_id, market_id, taker_side, price_e8, size_e8, notional_micros,
                               at_millis
                        from trades
                        where market_id = ?\
                        """,
                        market.value());
        if (before != null) {
            query.and("and trade_id < ?", before.value());
        }
        return query.and("order by trade_id desc limit ?", limit)
                .list(transaction, TradeReader::trade);
    }

    /** The sums of every market, by id. */
    public static List<InterestRow> openInterest(Connection transaction) throws SQLException {
        return new Query(
                        """
                        select market_id, long_e8, short_e8, cost_micros, realised_micros, trades,
                               volume_e8, volume_micros
                        from open_interest()\
                        """)
                .list(transaction, TradeReader::interest);
    }

    private static FillRow fill(ResultSet row) throws SQLException {
        return new FillRow(
                new TradeId(row.getLong(1)),
                new OrderId(row.getLong(2)),
                new SubaccountId(row.getLong(3)),
                new MarketId(row.getInt(4)),
                Side.valueOf(row.getString(5)),
                Liquidity.valueOf(row.getString(6)),
                new Price(row.getLong(7)),
                new Quantity(row.getLong(8)),
                new Usd(row.getLong(9)),
                new Usd(row.getLong(10)),
                new Usd(row.getLong(11)),
                new Quantity(row.getLong(12)),
                new Usd(row.getLong(13)),
                row.getLong(14));
    }

    private static TradeRow trade(ResultSet row) throws SQLException {
        return new TradeRow(
                new TradeId(row.getLong(1)),
                new MarketId(row.getInt(2)),
                Side.valueOf(row.getString(3)),
                new Price(row.getLong(4)),
                new Quantity(row.getLong(5)),
                new Usd(row.getLong(6)),
                row.getLong(7));
    }

    private static InterestRow interest(ResultSet row) throws SQLException {
        return new InterestRow(
                new MarketId(row.getInt(1)),
                decimal(row.getBigDecimal(2), Quantity.SCALE),
                decimal(row.getBigDecimal(3), Quantity.SCALE),
                decimal(row.getBigDecimal(4), Usd.SCALE),
                decimal(row.getBigDecimal(5), Usd.SCALE),
                row.getLong(6),
                decimal(row.getBigDecimal(7), Quantity.SCALE),
                decimal(row.getBigDecimal(8), Usd.SCALE));
    }

    private static BigDecimal decimal(BigDecimal units, int scale) {
        BigDecimal value = units.movePointLeft(scale).stripTrailingZeros();
        return value.scale() < 0 ? value.setScale(0) : value;
    }
}
