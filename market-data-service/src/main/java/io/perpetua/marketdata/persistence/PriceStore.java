package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.funding.FundingClock;
import io.perpetua.marketdata.domain.mark.MarkPricer;
import io.perpetua.marketdata.domain.mark.MovingAverage;
import io.perpetua.marketdata.domain.oracle.OracleTwaps;
import io.perpetua.marketdata.domain.pricing.MarketPricing;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Table {@code price_state}: where the prices of each market stand. */
@ApplicationScoped
public class PriceStore {
    private static final List<String> COLUMNS =
            List.of(
                    "sequence",
                    "oracle_units",
                    "walk_step",
                    "bar_passed_micros",
                    "basis_value_milliunits",
                    "basis_den_micros",
                    "basis_sampled_millis",
                    "book_value_milliunits",
                    "book_den_micros",
                    "book_sampled_millis",
                    "twap_5m_value_milliunits",
                    "twap_5m_den_micros",
                    "twap_5m_sampled_millis",
                    "twap_1h_value_milliunits",
                    "twap_1h_den_micros",
                    "twap_1h_sampled_millis",
                    "funding_sequence",
                    "funding_interval_end_millis",
                    "funding_premium_sum_trillionths",
                    "funding_samples",
                    "funding_sampled_millis",
                    "funding_rated_end_millis",
                    "funding_interval_begin_millis");

    /** The states of all markets that ever had a price. */
    public Map<MarketId, MarketPricing.State> all(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select market_id, "
                                        + String.join(", ", COLUMNS)
                                        + " from price_state");
                ResultSet rows = select.executeQuery()) {
            Map<MarketId, MarketPricing.State> states = new HashMap<>();
            while (rows.next()) {
                MarketPricing.State state = state(rows);
                states.put(state.market(), state);
            }
            return states;
        }
    }

    /**
     * Writes states over those there are.
     *
     * @param lasting whether the commit is to outlive a crash of the database; without it, it need
     *     not wait for the disk
     */
    public void put(Connection transaction, List<MarketPricing.State> states, boolean lasting)
            throws SQLException {
        String sets =
                String.join(
                        ", ",
                        COLUMNS.stream().map(column -> column + " = excluded." + column).toList());
        try (PreparedStatement upsert =
                transaction.prepareStatement(
                        (lasting ? "" : "set local synchronous_commit = off; ")
                                + "insert into price_state (market_id, "
                                + String.join(", ", COLUMNS)
                                + ") select * from unnest(?::int[]"
                                + ", ?::bigint[]".repeat(COLUMNS.size())
                                + ") on conflict (market_id) do update set "
                                + sets)) {
            Integer[] markets =
                    states.stream().map(state -> state.market().value()).toArray(Integer[]::new);
            upsert.setArray(1, transaction.createArrayOf("int", markets));
            for (int column = 0; column < COLUMNS.size(); column++) {
                Long[] values = new Long[states.size()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = values(states.get(row))[column];
                }
                upsert.setArray(column + 2, transaction.createArrayOf("bigint", values));
            }
            upsert.execute();
        }
    }

    /** In the order of the columns. */
    private static long[] values(MarketPricing.State state) {
        MovingAverage.State basis = state.marks().basis();
        MovingAverage.State book = state.marks().book();
        MovingAverage.State fiveMinutes = state.twaps().fiveMinutes();
        MovingAverage.State hour = state.twaps().hour();
        FundingClock.State funding = state.funding();
        return new long[] {
            state.sequence(),
            state.oracle().units(),
            state.walkStep(),
            state.barPassedMicros(),
            basis.valueMilliUnits(),
            basis.denMicros(),
            basis.sampledAtMillis(),
            book.valueMilliUnits(),
            book.denMicros(),
            book.sampledAtMillis(),
            fiveMinutes.valueMilliUnits(),
            fiveMinutes.denMicros(),
            fiveMinutes.sampledAtMillis(),
            hour.valueMilliUnits(),
            hour.denMicros(),
            hour.sampledAtMillis(),
            funding.sequence(),
            funding.intervalEndMillis(),
            funding.premiumSumTrillionths(),
            funding.samples(),
            funding.sampledAtMillis(),
            funding.ratedEndMillis(),
            funding.intervalBeginMillis()
        };
    }

    private static MarketPricing.State state(ResultSet row) throws SQLException {
        return new MarketPricing.State(
                new MarketId(row.getInt("market_id")),
                row.getLong("sequence"),
                new Price(row.getLong("oracle_units")),
                row.getLong("walk_step"),
                row.getLong("bar_passed_micros"),
                new MarkPricer.State(average(row, "basis"), average(row, "book")),
                new OracleTwaps.State(average(row, "twap_5m"), average(row, "twap_1h")),
                new FundingClock.State(
                        row.getLong("funding_sequence"),
                        row.getLong("funding_interval_begin_millis"),
                        row.getLong("funding_interval_end_millis"),
                        row.getLong("funding_premium_sum_trillionths"),
                        row.getLong("funding_samples"),
                        row.getLong("funding_sampled_millis"),
                        row.getLong("funding_rated_end_millis")));
    }

    private static MovingAverage.State average(ResultSet row, String name) throws SQLException {
        return new MovingAverage.State(
                row.getLong(name + "_value_milliunits"),
                row.getLong(name + "_den_micros"),
                row.getLong(name + "_sampled_millis"));
    }
}
