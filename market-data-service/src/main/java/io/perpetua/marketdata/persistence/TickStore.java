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
                market_id, at_millis, sequence, price_units, confidence_units, source, fault)
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

    private static final Rows<OraclePrice> ORACLE_ROWS =
            new Rows<>(
                    ORACLE,
                    "at_millis, sequence, price_units, confidence_units, source, fault",
                    TickStore::oracleOf);

    private static final Rows<MarkPrice> MARK_ROWS =
            new Rows<>(
                    MARK,
                    "at_millis, sequence, mark_units, oracle_units, fault, predicted_funding_nanos",
                    TickStore::markOf);

    /** Writes index prices. */
    public static void insertOracle(Writes writes, List<OraclePrice> prices) {
        RowArray rows = new RowArray(INSERT_ORACLE, "oracle_tick_row", 7);
        for (OraclePrice price : prices) {
            rows.row()
                    .integer(price.market().value())
                    .bigint(price.publishedAtMillis())
                    .bigint(price.sequence())
                    .bigint(price.price().units())
                    .bigint(price.confidence().units())
                    .text(price.source())
                    .text(price.fault() == null ? null : price.fault().name());
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

    /**
     * Index prices from and before the given times, ascending: of each {@code everyMillis} since
     * 1970 the last. Averages and sources are not kept.
     */
    public List<OraclePrice> oracle(
            Connection connection,
            MarketId market,
            long fromMillis,
            long toMillis,
            long everyMillis)
            throws SQLException {
        return lastOfEach(connection, ORACLE_ROWS, market, fromMillis, toMillis, everyMillis);
    }

    /** The same of mark prices. */
    public List<MarkPrice> mark(
            Connection connection,
            MarketId market,
            long fromMillis,
            long toMillis,
            long everyMillis)
            throws SQLException {
        return lastOfEach(connection, MARK_ROWS, market, fromMillis, toMillis, everyMillis);
    }

    /**
     * The first {@code limit} index prices before {@code toMillis} that come after number {@code
     * sequence} of {@code fromMillis}, ascending. Many may share a time: it is the source's.
     */
    public List<OraclePrice> oracleAfter(
            Connection connection,
            MarketId market,
            long fromMillis,
            long sequence,
            long toMillis,
            int limit)
            throws SQLException {
        return after(connection, ORACLE_ROWS, market, fromMillis, sequence, toMillis, limit);
    }

    /** The same of mark prices; those of an index that is not valid share its time. */
    public List<MarkPrice> markAfter(
            Connection connection,
            MarketId market,
            long fromMillis,
            long sequence,
            long toMillis,
            int limit)
            throws SQLException {
        return after(connection, MARK_ROWS, market, fromMillis, sequence, toMillis, limit);
    }

    private record Rows<T>(String table, String columns, Read<T> read) {}

    @FunctionalInterface
    private interface Read<T> {
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

    private static <T> List<T> lastOfEach(
            Connection connection,
            Rows<T> kind,
            MarketId market,
            long fromMillis,
            long toMillis,
            long everyMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select distinct on (span) "
                                + kind.columns()
                                + " from (select *, at_millis / ? as span from "
                                + kind.table()
                                + " where market_id = ? and at_millis >= ? and at_millis < ?)"
                                + " as ticks order by span, at_millis desc, sequence desc")) {
            select.setLong(1, everyMillis);
            select.setInt(2, market.value());
            select.setLong(3, fromMillis);
            select.setLong(4, toMillis);
            return read(select, kind, market);
        }
    }

    private static <T> List<T> after(
            Connection connection,
            Rows<T> kind,
            MarketId market,
            long fromMillis,
            long sequence,
            long toMillis,
            int limit)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + kind.columns()
                                + " from "
                                + kind.table()
                                + " where market_id = ? and at_millis >= ? and at_millis < ?"
                                + " and (at_millis, sequence) > (?, ?)"
                                + " order by at_millis, sequence limit ?")) {
            select.setInt(1, market.value());
            select.setLong(2, fromMillis);
            select.setLong(3, toMillis);
            select.setLong(4, fromMillis);
            select.setLong(5, sequence);
            select.setInt(6, limit);
            return read(select, kind, market);
        }
    }

    private static <T> List<T> read(PreparedStatement select, Rows<T> kind, MarketId market)
            throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<T> prices = new ArrayList<>();
            while (rows.next()) {
                prices.add(kind.read().of(market, rows));
            }
            return prices;
        }
    }
}
