package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.eventlog.RowArray;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.funding.DayOfFunding;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Table {@code funding_rate}: every rate that was set. */
@ApplicationScoped
public class FundingStore {
    private static final String COLUMNS =
            "market_id, sequence, kind, rate_nanos, premium_nanos, oracle_units, mark_units,"
                    + " interval_end_millis, at_millis";
    private static final int FIELDS = 9;

    /** Adds rates to those there are. */
    public void add(Writes writes, List<FundingRateSet> rates) {
        RowArray rows =
                new RowArray(
                        "insert into funding_rate (" + COLUMNS + ") select * from unnest(?)",
                        "funding_rate_row",
                        FIELDS);
        for (FundingRateSet rate : rates) {
            rows.row()
                    .integer(rate.market().value())
                    .bigint(rate.sequence())
                    .text(rate.kind().name())
                    .bigint(rate.rate().nanos())
                    .bigint(rate.premium().nanos())
                    .bigint(rate.oracle().units())
                    .bigint(rate.mark().units())
                    .bigint(rate.intervalEndMillis())
                    .bigint(rate.atMillis());
        }
        writes.add(rows);
    }

    /** The newest {@code limit} rates of a market before number {@code before}, newest first. */
    public List<FundingRateSet> newest(
            Connection connection, MarketId market, long before, int limit) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + COLUMNS
                                + " from funding_rate"
                                + " where market_id = ? and sequence < ?"
                                + " order by sequence desc limit ?")) {
            select.setInt(1, market.value());
            select.setLong(2, before);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                List<FundingRateSet> rates = new ArrayList<>();
                while (rows.next()) {
                    rates.add(rate(rows));
                }
                return rates;
            }
        }
    }

    /** Of the days that begin in a range, those with a rate; by when they begin. */
    public Map<Long, DayOfFunding> days(
            Connection connection, MarketId market, long fromMillis, long toMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select (interval_end_millis - 1) / 86400000 * 86400000, sum(rate_nanos),"
                                + " count(*) from funding_rate where market_id = ?"
                                + " and interval_end_millis > ? and interval_end_millis <= ?"
                                + " group by 1")) {
            select.setInt(1, market.value());
            select.setLong(2, fromMillis);
            select.setLong(3, toMillis);
            try (ResultSet rows = select.executeQuery()) {
                Map<Long, DayOfFunding> days = new HashMap<>();
                while (rows.next()) {
                    days.put(
                            rows.getLong(1),
                            new DayOfFunding(new Rate(rows.getLong(2)), rows.getInt(3)));
                }
                return days;
            }
        }
    }

    private static FundingRateSet rate(ResultSet row) throws SQLException {
        return new FundingRateSet(
                new MarketId(row.getInt("market_id")),
                row.getLong("sequence"),
                FundingKind.valueOf(row.getString("kind")),
                new Rate(row.getLong("rate_nanos")),
                new Rate(row.getLong("premium_nanos")),
                new Price(row.getLong("oracle_units")),
                new Price(row.getLong("mark_units")),
                row.getLong("interval_end_millis"),
                row.getLong("at_millis"));
    }
}
