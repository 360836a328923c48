package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.oracle.Bar;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Tables {@code replay} and {@code replay_bar}: recorded bars waiting to be played. */
@ApplicationScoped
public class ReplayStore {
    /**
     * How one market's bars are played.
     *
     * @param generation rises when what was queued is dropped
     */
    public record Replay(long generation, long barsPerSecondMicros) {}

    /** Of every market that ever had bars. */
    public Map<MarketId, Replay> all(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select market_id, generation, bars_per_second_micros from replay");
                ResultSet rows = select.executeQuery()) {
            Map<MarketId, Replay> replays = new TreeMap<>();
            while (rows.next()) {
                replays.put(
                        new MarketId(rows.getInt(1)), new Replay(rows.getLong(2), rows.getLong(3)));
            }
            return replays;
        }
    }

    /** Sets the speed, holding back other writers of this market's bars. */
    public void setSpeed(Connection transaction, MarketId market, long barsPerSecondMicros)
            throws SQLException {
        try (PreparedStatement upsert =
                transaction.prepareStatement(
                        "insert into replay (market_id, generation, bars_per_second_micros)"
                                + " values (?, 1, ?) on conflict (market_id) do update"
                                + " set bars_per_second_micros = excluded.bars_per_second_micros")) {
            upsert.setInt(1, market.value());
            upsert.setLong(2, barsPerSecondMicros);
            upsert.executeUpdate();
        }
    }

    /** Drops what is queued and says how many bars that was. */
    public int drop(Connection transaction, MarketId market) throws SQLException {
        try (PreparedStatement raise =
                        transaction.prepareStatement(
                                "update replay set generation = generation + 1"
                                        + " where market_id = ?");
                PreparedStatement delete =
                        transaction.prepareStatement(
                                "delete from replay_bar where market_id = ?")) {
            raise.setInt(1, market.value());
            raise.executeUpdate();
            delete.setInt(1, market.value());
            return delete.executeUpdate();
        }
    }

    /** When the newest bar queued began, or null when none is. */
    public @Nullable Long newestMillis(Connection connection, MarketId market) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select max(at_millis) from replay_bar where market_id = ?")) {
            select.setInt(1, market.value());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                long newest = rows.getLong(1);
                return rows.wasNull() ? null : newest;
            }
        }
    }

    /** How many bars are queued. */
    public int count(Connection connection, MarketId market) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select count(*) from replay_bar where market_id = ?")) {
            select.setInt(1, market.value());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** Queues bars that are not queued yet. */
    public void append(Connection transaction, MarketId market, List<Bar> bars)
            throws SQLException {
        try (PreparedStatement insert =
                transaction.prepareStatement(
                        "insert into replay_bar (market_id, at_millis, open_units, high_units,"
                                + " low_units, close_units, volume_micros) select ?, * from unnest("
                                + "?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
                                + " ?::bigint[], ?::bigint[])")) {
            insert.setInt(1, market.value());
            List<ToLongFunction<Bar>> columns =
                    List.of(
                            Bar::atMillis,
                            bar -> bar.open().units(),
                            bar -> bar.high().units(),
                            bar -> bar.low().units(),
                            bar -> bar.close().units(),
                            bar -> bar.volume().micros());
            for (int column = 0; column < columns.size(); column++) {
                ToLongFunction<Bar> value = columns.get(column);
                Long[] values = bars.stream().map(value::applyAsLong).toArray(Long[]::new);
                insert.setArray(column + 2, transaction.createArrayOf("bigint", values));
            }
            insert.executeUpdate();
        }
    }

    /** The oldest bars that began after {@code afterMillis}, ascending. */
    public List<Bar> after(Connection connection, MarketId market, long afterMillis, int limit)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select at_millis, open_units, high_units, low_units, close_units,"
                                + " volume_micros from replay_bar"
                                + " where market_id = ? and at_millis > ?"
                                + " order by at_millis limit ?")) {
            select.setInt(1, market.value());
            select.setLong(2, afterMillis);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                List<Bar> bars = new ArrayList<>();
                while (rows.next()) {
                    bars.add(
                            new Bar(
                                    rows.getLong(1),
                                    new Price(rows.getLong(2)),
                                    new Price(rows.getLong(3)),
                                    new Price(rows.getLong(4)),
                                    new Price(rows.getLong(5)),
                                    new Usd(rows.getLong(6))));
                }
                return bars;
            }
        }
    }

    /**
     * Forgets the bars up to and with the one that began at {@code throughMillis}, unless the queue
     * was dropped and filled anew since {@code generation}.
     */
    public void deletePlayed(
            Connection transaction, MarketId market, long generation, long throughMillis)
            throws SQLException {
        try (PreparedStatement delete =
                transaction.prepareStatement(
                        "delete from replay_bar b using replay r where r.market_id = b.market_id"
                                + " and b.market_id = ? and r.generation = ?"
                                + " and b.at_millis <= ?")) {
            delete.setInt(1, market.value());
            delete.setLong(2, generation);
            delete.setLong(3, throughMillis);
            delete.executeUpdate();
        }
    }
}
