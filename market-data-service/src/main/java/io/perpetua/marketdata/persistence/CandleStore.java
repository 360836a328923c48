package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.MarketFold;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tables {@code candle_1m} and {@code market_total}: what traded, by minute and since the start.
 */
@ApplicationScoped
public class CandleStore {
    private static final String CANDLE_COLUMNS =
            "open_millis, open_units, high_units, low_units, close_units, volume_units,"
                    + " volume_usd_micros, trades";

    /** What a batch adds to one minute of one market. */
    private record Row(MarketId market, Candle candle) {}

    /** Adds what a batch traded to the minutes it touched. */
    public void add(Connection transaction, Collection<MarketFold> folds) throws SQLException {
        List<Row> rows = new ArrayList<>();
        for (MarketFold fold : folds) {
            for (Candle candle : fold.candles()) {
                rows.add(new Row(fold.market(), candle));
            }
        }
        try (PreparedStatement upsert =
                transaction.prepareStatement(
                        "insert into candle_1m as c (market_id, "
                                + CANDLE_COLUMNS
                                + ") select * from unnest(?::int[]"
                                + ", ?::bigint[]".repeat(8)
                                + ") on conflict (market_id, open_millis) do update set"
                                + " high_units = greatest(c.high_units, excluded.high_units),"
                                + " low_units = least(c.low_units, excluded.low_units),"
                                + " close_units = excluded.close_units,"
                                + " volume_units = c.volume_units + excluded.volume_units,"
                                + " volume_usd_micros ="
                                + " c.volume_usd_micros + excluded.volume_usd_micros,"
                                + " trades = c.trades + excluded.trades")) {
            Integer[] markets =
                    rows.stream().map(row -> row.market().value()).toArray(Integer[]::new);
            upsert.setArray(1, transaction.createArrayOf("int", markets));
            List<ToLongFunction<Candle>> columns =
                    List.of(
                            Candle::openMillis,
                            candle -> candle.open().units(),
                            candle -> candle.high().units(),
                            candle -> candle.low().units(),
                            candle -> candle.close().units(),
                            candle -> candle.volume().units(),
                            candle -> candle.volumeUsd().micros(),
                            Candle::trades);
            for (int column = 0; column < columns.size(); column++) {
                ToLongFunction<Candle> value = columns.get(column);
                Long[] values =
                        rows.stream()
                                .map(row -> value.applyAsLong(row.candle()))
                                .toArray(Long[]::new);
                upsert.setArray(column + 2, transaction.createArrayOf("bigint", values));
            }
            upsert.executeUpdate();
        }
    }

    /** Writes totals over those there are. */
    public void putTotals(Connection transaction, List<MarketTotal> totals) throws SQLException {
        try (PreparedStatement upsert =
                transaction.prepareStatement(
                        "insert into market_total (market_id, trades, volume_units,"
                                + " volume_usd_micros, open_interest_units, last_units,"
                                + " last_at_millis) select * from unnest(?::int[], ?::bigint[],"
                                + " ?::numeric[], ?::numeric[], ?::bigint[], ?::bigint[],"
                                + " ?::bigint[]) on conflict (market_id) do update set"
                                + " trades = excluded.trades,"
                                + " volume_units = excluded.volume_units,"
                                + " volume_usd_micros = excluded.volume_usd_micros,"
                                + " open_interest_units = excluded.open_interest_units,"
                                + " last_units = excluded.last_units,"
                                + " last_at_millis = excluded.last_at_millis")) {
            upsert.setArray(1, array(transaction, "int", totals, t -> t.market().value()));
            upsert.setArray(2, array(transaction, "bigint", totals, MarketTotal::trades));
            upsert.setArray(
                    3, array(transaction, "numeric", totals, t -> new BigDecimal(t.volumeUnits())));
            upsert.setArray(
                    4,
                    array(
                            transaction,
                            "numeric",
                            totals,
                            t -> new BigDecimal(t.volumeUsdMicros())));
            upsert.setArray(5, array(transaction, "bigint", totals, t -> t.openInterest().units()));
            upsert.setArray(6, array(transaction, "bigint", totals, t -> t.last().units()));
            upsert.setArray(7, array(transaction, "bigint", totals, MarketTotal::lastAtMillis));
            upsert.executeUpdate();
        }
    }

    private static java.sql.Array array(
            Connection connection,
            String type,
            List<MarketTotal> totals,
            java.util.function.Function<MarketTotal, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, totals.stream().map(value).toArray());
    }

    /** The totals of all markets in which something traded. */
    public List<MarketTotal> totals(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select market_id, trades, volume_units, volume_usd_micros,"
                                        + " open_interest_units, last_units, last_at_millis"
                                        + " from market_total order by market_id");
                ResultSet rows = select.executeQuery()) {
            List<MarketTotal> totals = new ArrayList<>();
            while (rows.next()) {
                totals.add(
                        new MarketTotal(
                                new MarketId(rows.getInt(1)),
                                rows.getLong(2),
                                rows.getBigDecimal(3).toBigIntegerExact(),
                                rows.getBigDecimal(4).toBigIntegerExact(),
                                new Quantity(rows.getLong(5)),
                                new Price(rows.getLong(6)),
                                rows.getLong(7)));
            }
            return totals;
        }
    }

    /** The minutes in which a market traded, from and before the given times, ascending. */
    public List<Candle> candles(
            Connection connection, MarketId market, long fromMillis, long toMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + CANDLE_COLUMNS
                                + " from candle_1m where market_id = ? and open_millis >= ?"
                                + " and open_millis < ? order by open_millis")) {
            select.setInt(1, market.value());
            select.setLong(2, fromMillis);
            select.setLong(3, toMillis);
            try (ResultSet rows = select.executeQuery()) {
                List<Candle> candles = new ArrayList<>();
                while (rows.next()) {
                    candles.add(candle(rows));
                }
                return candles;
            }
        }
    }

    /** The minutes from a time on in which each market traded, ascending. */
    public Map<MarketId, List<Candle>> since(Connection connection, long fromMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + CANDLE_COLUMNS
                                + ", market_id from candle_1m where open_millis >= ?"
                                + " order by open_millis")) {
            select.setLong(1, fromMillis);
            try (ResultSet rows = select.executeQuery()) {
                Map<MarketId, List<Candle>> all = new HashMap<>();
                while (rows.next()) {
                    all.computeIfAbsent(new MarketId(rows.getInt(9)), first -> new ArrayList<>())
                            .add(candle(rows));
                }
                return all;
            }
        }
    }

    /** The last minute before {@code beforeMillis} in which the market traded, or null. */
    public @Nullable Candle lastBefore(Connection connection, MarketId market, long beforeMillis)
            throws SQLException {
        return edge(
                connection,
                market,
                "open_millis < ? order by open_millis desc limit 1",
                beforeMillis);
    }

    /** The first minute in which the market traded, or null. */
    public @Nullable Candle first(Connection connection, MarketId market) throws SQLException {
        return edge(connection, market, "open_millis >= ? order by open_millis limit 1", 0);
    }

    private static @Nullable Candle edge(
            Connection connection, MarketId market, String condition, long millis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + CANDLE_COLUMNS
                                + " from candle_1m where market_id = ? and "
                                + condition)) {
            select.setInt(1, market.value());
            select.setLong(2, millis);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? candle(rows) : null;
            }
        }
    }

    private static Candle candle(ResultSet row) throws SQLException {
        return new Candle(
                row.getLong(1),
                new Price(row.getLong(2)),
                new Price(row.getLong(3)),
                new Price(row.getLong(4)),
                new Price(row.getLong(5)),
                new Quantity(row.getLong(6)),
                new Usd(row.getLong(7)),
                row.getLong(8));
    }
}
