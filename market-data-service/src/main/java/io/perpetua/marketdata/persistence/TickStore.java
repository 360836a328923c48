package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.eventlog.RowArray;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.TickSequences;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tables {@code oracle_tick}, {@code mark_tick} and {@code tick_state}: prices as they were
 * published, and the newest of them.
 */
@ApplicationScoped
public class TickStore {
    /** Index prices, a partition a day. */
    public static final String ORACLE = "oracle_tick";

    /** Mark prices, a partition a day. */
    public static final String MARK = "mark_tick";

    private static final String INSERT_ORACLE =
            """
            insert into oracle_tick (
                market_id, at_millis, sequence, price_units, confidence_units, source, fault, slot)
            select * from unnest(?)
            """;

    private static final String INSERT_MARK =
            """
            insert into mark_tick (
                market_id, at_millis, sequence, mark_units, oracle_units, fault,
                predicted_funding_nanos)
            select * from unnest(?)
            """;

    private static final String UPSERT_STATE =
            """
            insert into tick_state (market_id, oracle_sequence, mark_sequence)
            select * from unnest(?)
            on conflict (market_id) do update set
                oracle_sequence = excluded.oracle_sequence, mark_sequence = excluded.mark_sequence
            """;

    /** Index prices as they are read. Averages and sources are not kept. */
    public static final Series<OraclePrice> ORACLE_PRICES =
            new Series<>(
                    ORACLE,
                    "at_millis, sequence, price_units, confidence_units, source, fault, slot",
                    OraclePrice::publishedAtMillis,
                    OraclePrice::sequence,
                    TickStore::oracleOf);

    /** Mark prices as they are read. */
    public static final Series<MarkPrice> MARK_PRICES =
            new Series<>(
                    MARK,
                    "at_millis, sequence, mark_units, oracle_units, fault, predicted_funding_nanos",
                    MarkPrice::atMillis,
                    MarkPrice::sequence,
                    TickStore::markOf);

    /** Writes index prices. */
    public static void insertOracle(Writes writes, List<OraclePrice> prices) {
        RowArray rows = new RowArray(INSERT_ORACLE, "oracle_row", 8);
        for (OraclePrice price : prices) {
            rows.row()
                    .integer(price.market().value())
                    .bigint(price.publishedAtMillis())
                    .bigint(price.sequence())
                    .bigint(price.price().units())
                    .bigint(price.confidence().units())
                    .text(price.source())
                    .text(price.fault() == null ? null : price.fault().name())
                    .bigint(price.slot());
        }
        writes.add(rows);
    }

    /** Writes mark prices. */
    public static void insertMark(Writes writes, List<MarkPrice> prices) {
        RowArray rows = new RowArray(INSERT_MARK, "mark_row", 7);
        for (MarkPrice price : prices) {
            Rate predicted = price.predictedFunding();
            rows.row()
                    .integer(price.market().value())
                    .bigint(price.atMillis())
                    .bigint(price.sequence())
                    .bigint(price.mark().units())
                    .bigint(price.oracle().units())
                    .text(price.fault() == null ? null : price.fault().name())
                    .bigint(predicted == null ? null : predicted.nanos());
        }
        writes.add(rows);
    }

    /** Writes how far each market has come. */
    public static void putSequences(Writes writes, Collection<TickSequences> sequences) {
        RowArray rows = new RowArray(UPSERT_STATE, "tick_state_row", 3);
        for (TickSequences state : sequences) {
            rows.row().integer(state.market().value()).bigint(state.oracle()).bigint(state.mark());
        }
        writes.add(rows);
    }

    /** How far each market has come. */
    public List<TickSequences> sequences(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select market_id, oracle_sequence, mark_sequence from tick_state");
                ResultSet rows = select.executeQuery()) {
            List<TickSequences> all = new ArrayList<>();
            while (rows.next()) {
                all.add(
                        new TickSequences(
                                new MarketId(rows.getInt(1)), rows.getLong(2), rows.getLong(3)));
            }
            return all;
        }
    }

    /** The time of the first tick that is kept of a market. */
    public OptionalLong firstMillis(Connection connection, String table, MarketId market)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select min(at_millis) from " + table + " where market_id = ?")) {
            select.setInt(1, market.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long first = row.getLong(1);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(first);
            }
        }
    }

    /** Prices of one kind: where they are kept, and how one is read and found again. */
    public record Series<T>(
            String table,
            String columns,
            ToLongFunction<T> atMillis,
            ToLongFunction<T> sequence,
            Read<T> read) {}

    /** Reads a price from its columns. */
    @FunctionalInterface
    public interface Read<T> {
        /** The price of the row that is at hand. */
        T of(MarketId market, ResultSet row) throws SQLException;
    }

    private static OraclePrice oracleOf(MarketId market, ResultSet row) throws SQLException {
        return new OraclePrice(
                market,
                row.getLong(2),
                new Price(row.getLong(3)),
                new Quantity(row.getLong(4)),
                row.getString(5),
                row.getLong(1),
                row.getObject(7, Long.class),
                fault(row.getString(6)),
                null,
                null,
                null);
    }

    private static MarkPrice markOf(MarketId market, ResultSet row) throws SQLException {
        Long predicted = row.getObject(6, Long.class);
        return new MarkPrice(
                market,
                row.getLong(2),
                new Price(row.getLong(3)),
                new Price(row.getLong(4)),
                row.getLong(1),
                fault(row.getString(5)),
                predicted == null ? null : new Rate(predicted));
    }

    private static @Nullable PriceFault fault(@Nullable String name) {
        return name == null ? null : PriceFault.valueOf(name);
    }

    /**
     * Prices from and before the given times, ascending: of each {@code everyMillis} since 1970 the
     * last.
     */
    public <T> List<T> lastOfEach(
            Connection connection,
            Series<T> series,
            MarketId market,
            long fromMillis,
            long toMillis,
            long everyMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select distinct on (span) "
                                + series.columns()
                                + " from (select *, at_millis / ? as span from "
                                + series.table()
                                + " where market_id = ? and at_millis >= ? and at_millis < ?)"
                                + " as ticks order by span, at_millis desc, sequence desc")) {
            select.setLong(1, everyMillis);
            select.setInt(2, market.value());
            select.setLong(3, fromMillis);
            select.setLong(4, toMillis);
            return read(select, series, market);
        }
    }

    /**
     * The first {@code limit} prices before {@code toMillis} that come after number {@code
     * sequence} of {@code fromMillis}, ascending. Many may share a time: of index prices it is the
     * source's, and marks of an index that is not valid share its time.
     */
    public <T> List<T> after(
            Connection connection,
            Series<T> series,
            MarketId market,
            long fromMillis,
            long sequence,
            long toMillis,
            int limit)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + series.columns()
                                + " from "
                                + series.table()
                                + " where market_id = ? and at_millis >= ? and at_millis < ?"
                                + " and (at_millis, sequence) > (?, ?)"
                                + " order by at_millis, sequence limit ?")) {
            select.setInt(1, market.value());
            select.setLong(2, fromMillis);
            select.setLong(3, toMillis);
            select.setLong(4, fromMillis);
            select.setLong(5, sequence);
            select.setInt(6, limit);
            return read(select, series, market);
        }
    }

    private static <T> List<T> read(PreparedStatement select, Series<T> series, MarketId market)
            throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<T> prices = new ArrayList<>();
            while (rows.next()) {
                prices.add(series.read().of(market, rows));
            }
            return prices;
        }
    }
}
