package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.eventlog.RowArray;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.MarketFold;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tables {@code candle}, {@code market_day} and {@code market_total}: what happened, by frame, by
 * day and since the start.
 */
@ApplicationScoped
public class CandleStore {
    private static final String CANDLE_COLUMNS =
            "open_millis, opened_millis, closed_millis, open_units, high_units, low_units,"
                    + " close_units, volume_units, volume_usd_micros, trades";

    private static final String ADD =
            """
            insert into candle as c (
                market_id, series, frame_millis, open_millis, opened_millis, closed_millis,
                open_units, high_units, low_units, close_units, volume_units, volume_usd_micros,
                trades)
            select n.market_id, n.series::candle_series, n.frame_millis, n.open_millis,
                n.opened_millis, n.closed_millis, n.open_units, n.high_units, n.low_units,
                n.close_units, n.volume_units, n.volume_usd_micros, n.trades
            from unnest(?) as n
            on conflict (market_id, series, frame_millis, open_millis) do update set
                open_units = case when excluded.opened_millis < c.opened_millis
                    then excluded.open_units else c.open_units end,
                close_units = case when excluded.closed_millis >= c.closed_millis
                    then excluded.close_units else c.close_units end,
                high_units = greatest(c.high_units, excluded.high_units),
                low_units = least(c.low_units, excluded.low_units),
                opened_millis = least(c.opened_millis, excluded.opened_millis),
                closed_millis = greatest(c.closed_millis, excluded.closed_millis),
                volume_units = least(
                    c.volume_units::numeric + excluded.volume_units, 9223372036854775807),
                volume_usd_micros = least(
                    c.volume_usd_micros::numeric + excluded.volume_usd_micros,
                    9223372036854775807),
                trades = c.trades + excluded.trades
            """;

    private static final String UPSERT_DAYS =
            """
            insert into market_day (market_id, day_millis, open_interest_units)
            select * from unnest(?)
            on conflict (market_id, day_millis) do update set
                open_interest_units = excluded.open_interest_units
            """;

    private static final String OF_FRAME =
            " from candle where market_id = ? and series = ?::candle_series"
                    + " and frame_millis = ? and ";

    /** Adds what a batch brought to the frames it touched, each as {@link Candle#followedBy}. */
    public static void add(Writes writes, Collection<CandleFold> folds) {
        RowArray rows = new RowArray(ADD, "candle_row", 13);
        for (CandleFold fold : folds) {
            for (Frame frame : Frame.values()) {
                for (Candle candle : fold.candles(frame)) {
                    rows.row()
                            .integer(fold.market().value())
                            .text(fold.series().name())
                            .bigint(frame.millis())
                            .bigint(candle.openMillis())
                            .bigint(candle.openedMillis())
                            .bigint(candle.closedMillis())
                            .bigint(candle.open().units())
                            .bigint(candle.high().units())
                            .bigint(candle.low().units())
                            .bigint(candle.close().units())
                            .bigint(candle.volume().units())
                            .bigint(candle.volumeUsd().micros())
                            .bigint(candle.trades());
                }
            }
        }
        writes.add(rows);
    }

    /** Writes the open interest at the end of days over what there is. */
    public static void putDays(Writes writes, Collection<MarketFold> folds) {
        RowArray rows = new RowArray(UPSERT_DAYS, "market_day_row", 3);
        for (MarketFold fold : folds) {
            fold.openInterestByDay()
                    .forEach(
                            (dayMillis, openInterest) ->
                                    rows.row()
                                            .integer(fold.market().value())
                                            .bigint(dayMillis)
                                            .bigint(openInterest.units()));
        }
        writes.add(rows);
    }

    /**
     * The open interest at the end of the days of a range in which something traded, and of the
     * last such day before it; by when the day began.
     */
    public NavigableMap<Long, Quantity> openInterest(
            Connection connection, MarketId market, long fromMillis, long toMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select day_millis, open_interest_units from market_day"
                                + " where market_id = ? and day_millis < ? and day_millis >= coalesce("
                                + "(select max(day_millis) from market_day"
                                + " where market_id = ? and day_millis <= ?), ?)")) {
            select.setInt(1, market.value());
            select.setLong(2, toMillis);
            select.setInt(3, market.value());
            select.setLong(4, fromMillis);
            select.setLong(5, fromMillis);
            try (ResultSet rows = select.executeQuery()) {
                NavigableMap<Long, Quantity> days = new TreeMap<>();
                while (rows.next()) {
                    days.put(rows.getLong(1), new Quantity(rows.getLong(2)));
                }
                return days;
            }
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

    private static <T> Array array(
            Connection connection, String type, List<T> items, Function<T, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, items.stream().map(value).toArray());
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

    /**
     * The first {@code limit} frames in which something happened, from and before the given times,
     * ascending.
     */
    public List<Candle> candles(
            Connection connection, CandleKey key, long fromMillis, long toMillis, int limit)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + CANDLE_COLUMNS
                                + OF_FRAME
                                + "open_millis >= ? and open_millis < ?"
                                + " order by open_millis limit ?")) {
            set(select, key);
            select.setLong(4, fromMillis);
            select.setLong(5, toMillis);
            select.setInt(6, limit);
            select.setFetchSize(limit);
            return candles(select);
        }
    }

    /** Those of the frames with these beginnings in which something happened. */
    public List<Candle> candlesAt(Connection connection, CandleKey key, Collection<Long> openMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select " + CANDLE_COLUMNS + OF_FRAME + "open_millis = any(?)")) {
            set(select, key);
            select.setArray(4, connection.createArrayOf("bigint", openMillis.toArray()));
            return candles(select);
        }
    }

    /** Holds back other imports into a market until the transaction ends. */
    public void lockImport(Connection transaction, MarketId market) throws SQLException {
        try (PreparedStatement lock =
                transaction.prepareStatement(
                        "select pg_advisory_xact_lock(hashtext('candle-import'), ?)")) {
            lock.setInt(1, market.value());
            lock.execute();
        }
    }

    /** Deletes what was imported into a market before then; says how many minutes it were. */
    public int deleteImported(Connection transaction, MarketId market, long beforeMillis)
            throws SQLException {
        try (PreparedStatement delete =
                transaction.prepareStatement(
                        "with gone as (delete from candle where market_id = ?"
                                + " and series = 'IMPORT' and open_millis < ?"
                                + " returning frame_millis)"
                                + " select count(*) from gone where frame_millis = ?")) {
            delete.setInt(1, market.value());
            delete.setLong(2, beforeMillis);
            delete.setLong(3, Frame.MINUTE.millis());
            try (ResultSet row = delete.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The frames that begin from then on in which the markets traded, ascending, by market. */
    public Map<MarketId, List<Candle>> tradedSince(
            Connection connection, List<MarketId> markets, Frame frame, long fromMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + CANDLE_COLUMNS
                                + ", market_id from candle where market_id = any(?)"
                                + " and series = 'TRADES' and frame_millis = ?"
                                + " and open_millis >= ? order by market_id, open_millis")) {
            select.setArray(1, array(connection, "int", markets, MarketId::value));
            select.setLong(2, frame.millis());
            select.setLong(3, fromMillis);
            try (ResultSet rows = select.executeQuery()) {
                Map<MarketId, List<Candle>> traded = new HashMap<>();
                while (rows.next()) {
                    traded.computeIfAbsent(new MarketId(rows.getInt(11)), m -> new ArrayList<>())
                            .add(candle(rows));
                }
                return traded;
            }
        }
    }

    /** The last price at which each of the markets traded before then, if it ever had. */
    public Map<MarketId, Price> lastTradedBefore(
            Connection connection, List<MarketId> markets, long beforeMillis) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select m, c.close_units from unnest(?::int[]) as m cross join lateral ("
                                + "select close_units from candle where market_id = m"
                                + " and series = 'TRADES' and frame_millis = ?"
                                + " and open_millis < ? order by open_millis desc limit 1) as c")) {
            select.setArray(1, array(connection, "int", markets, MarketId::value));
            select.setLong(2, Frame.MINUTE.millis());
            select.setLong(3, beforeMillis);
            try (ResultSet rows = select.executeQuery()) {
                Map<MarketId, Price> closes = new HashMap<>();
                while (rows.next()) {
                    closes.put(new MarketId(rows.getInt(1)), new Price(rows.getLong(2)));
                }
                return closes;
            }
        }
    }

    /** The last frame before {@code beforeMillis} in which something happened, or null. */
    public @Nullable Candle lastBefore(Connection connection, CandleKey key, long beforeMillis)
            throws SQLException {
        return edge(
                connection, key, "open_millis < ? order by open_millis desc limit 1", beforeMillis);
    }

    /** The first frame in which something happened, or null. */
    public @Nullable Candle first(Connection connection, CandleKey key) throws SQLException {
        return edge(connection, key, "open_millis >= ? order by open_millis limit 1", 0);
    }

    private static @Nullable Candle edge(
            Connection connection, CandleKey key, String condition, long millis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select " + CANDLE_COLUMNS + OF_FRAME + condition)) {
            set(select, key);
            select.setLong(4, millis);
            List<Candle> found = candles(select);
            return found.isEmpty() ? null : found.getFirst();
        }
    }

    private static void set(PreparedStatement select, CandleKey key) throws SQLException {
        select.setInt(1, key.market().value());
        select.setString(2, key.series().name());
        select.setLong(3, key.frame().millis());
    }

    private static List<Candle> candles(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<Candle> candles = new ArrayList<>();
            while (rows.next()) {
                candles.add(candle(rows));
            }
            return candles;
        }
    }

    private static Candle candle(ResultSet row) throws SQLException {
        return new Candle(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                new Price(row.getLong(4)),
                new Price(row.getLong(5)),
                new Price(row.getLong(6)),
                new Price(row.getLong(7)),
                new Quantity(row.getLong(8)),
                new Usd(row.getLong(9)),
                row.getLong(10));
    }
}
