package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.eventlog.RowArray;
import io.perpetua.eventlog.Writes;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Table {@code market_valuation}: the newest valuation of each market. */
@ApplicationScoped
public class ValuationStore {
    private static final String COLUMNS =
            "market_id, long_units, short_units, long_usd_micros, short_usd_micros,"
                    + " active_traders, average_leverage_nanos, unrealised_usd_micros, mark_units,"
                    + " at_millis";
    private static final int FIELDS = 10;

    private static final String PUT =
            "insert into market_valuation as v ("
                    + COLUMNS
                    + """
                    ) select * from unnest(?)
                    on conflict (market_id) do update set
                        long_units = excluded.long_units,
                        short_units = excluded.short_units,
                        long_usd_micros = excluded.long_usd_micros,
                        short_usd_micros = excluded.short_usd_micros,
                        active_traders = excluded.active_traders,
                        average_leverage_nanos = excluded.average_leverage_nanos,
                        unrealised_usd_micros = excluded.unrealised_usd_micros,
                        mark_units = excluded.mark_units,
                        at_millis = excluded.at_millis
                    where excluded.at_millis > v.at_millis
                        or v.at_millis > 1000 * extract(epoch from clock_timestamp()) + 10000
                    """;

    /**
     * Keeps valuations, at most one a market, that are newer than those there are. One that is
     * further ahead than clocks differ gives way to any: a clock was wrong for a while.
     */
    public static void put(Writes writes, Collection<MarketValuation> valuations) {
        RowArray rows = new RowArray(PUT, "market_valuation_row", FIELDS);
        for (MarketValuation valuation : valuations) {
            Usd longUsd = valuation.openInterestLongUsd();
            Usd shortUsd = valuation.openInterestShortUsd();
            Rate leverage = valuation.averageLeverage();
            Usd unrealised = valuation.unrealisedPnl();
            Price mark = valuation.mark();
            rows.row()
                    .integer(valuation.market().value())
                    .bigint(valuation.openInterestLong().units())
                    .bigint(valuation.openInterestShort().units())
                    .bigint(longUsd == null ? null : longUsd.micros())
                    .bigint(shortUsd == null ? null : shortUsd.micros())
                    .bigint(valuation.activeTraders())
                    .bigint(leverage == null ? null : leverage.nanos())
                    .bigint(unrealised == null ? null : unrealised.micros())
                    .bigint(mark == null ? null : mark.units())
                    .bigint(valuation.atMillis());
        }
        writes.add(rows);
    }

    /** The newest valuation of each market that has one. */
    public Map<MarketId, MarketValuation> newest(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select " + COLUMNS + " from market_valuation");
                ResultSet row = select.executeQuery()) {
            Map<MarketId, MarketValuation> newest = new HashMap<>();
            while (row.next()) {
                MarketId market = new MarketId(row.getInt(1));
                newest.put(
                        market,
                        new MarketValuation(
                                market,
                                new Quantity(row.getLong(2)),
                                new Quantity(row.getLong(3)),
                                nullable(row, 4, Usd::new),
                                nullable(row, 5, Usd::new),
                                row.getLong(6),
                                nullable(row, 7, Rate::new),
                                nullable(row, 8, Usd::new),
                                nullable(row, 9, Price::new),
                                row.getLong(10)));
            }
            return newest;
        }
    }

    private static <T> @Nullable T nullable(ResultSet row, int column, LongFunction<T> value)
            throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : value.apply(number);
    }
}
