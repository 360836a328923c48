package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.statistics.TradedDay;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What users traded, a row a user and day. */
@ApplicationScoped
public class StatisticsStore {
    private static final String ADD =
            "insert into user_day as d (user_id, day, settlements, fills, volume_micros,"
                    + " realised_micros, fee_micros)"
                    + " select * from unnest(?::bigint[], ?::date[], ?::bigint[], ?::bigint[],"
                    + " ?::bigint[], ?::bigint[], ?::bigint[])"
                    + " on conflict (user_id, day) do update set"
                    + " settlements = d.settlements + excluded.settlements,"
                    + " fills = d.fills + excluded.fills,"
                    + " volume_micros = d.volume_micros + excluded.volume_micros,"
                    + " realised_micros = d.realised_micros + excluded.realised_micros,"
                    + " fee_micros = d.fee_micros + excluded.fee_micros";

    /**
     * All of a user's days as one; money in micros, as sums may leave 64 bits.
     *
     * @param days on how many days the user traded
     * @param first the first of them, null without any
     * @param last the last of them
     */
    public record Lifetime(
            long days,
            @Nullable LocalDate first,
            @Nullable LocalDate last,
            BigDecimal fills,
            BigDecimal volumeMicros,
            BigDecimal realisedMicros,
            BigDecimal feeMicros) {}

    /** Adds to days what a batch of settlements brought, each of them once. */
    public void add(Connection connection, List<TradedDay> days) throws SQLException {
        if (days.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setArray(1, column(connection, "int8", days, day -> day.user().value()));
            statement.setArray(2, column(connection, "date", days, day -> day.day().toString()));
            statement.setArray(3, column(connection, "int8", days, TradedDay::settlements));
            statement.setArray(4, column(connection, "int8", days, TradedDay::fills));
            statement.setArray(5, column(connection, "int8", days, day -> day.volume().micros()));
            statement.setArray(6, column(connection, "int8", days, day -> day.realised().micros()));
            statement.setArray(7, column(connection, "int8", days, day -> day.fees().micros()));
            statement.executeUpdate();
        }
    }

    private static Array column(
            Connection connection,
            String type,
            List<TradedDay> days,
            Function<TradedDay, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, days.stream().map(value).toArray());
    }

    /** The visible user's days added up. */
    public Lifetime lifetime(Connection connection) throws SQLException {
        String sql =
                "select count(*) as days, min(day) as first, max(day) as last,"
                        + " coalesce(sum(fills), 0) as fills,"
                        + " coalesce(sum(volume_micros), 0) as volume,"
                        + " coalesce(sum(realised_micros), 0) as realised,"
                        + " coalesce(sum(fee_micros), 0) as fees"
                        + " from user_day where user_id = current_user_id()";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Lifetime(
                    row.getLong("days"),
                    row.getObject("first", LocalDate.class),
                    row.getObject("last", LocalDate.class),
                    row.getBigDecimal("fills"),
                    row.getBigDecimal("volume"),
                    row.getBigDecimal("realised"),
                    row.getBigDecimal("fees"));
        }
    }

    /** A part of the visible user's days, newest first; the cursor's id is the day's number. */
    public List<TradedDay> days(Connection connection, PageRequest page) throws SQLException {
        String sql =
                "select * from user_day where user_id = current_user_id()"
                        + " and day < coalesce(?, 'infinity'::date) order by day desc limit ?";
        List<TradedDay> days = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(
                    1,
                    page.after() == null ? null : LocalDate.ofEpochDay(page.after().id()),
                    java.sql.Types.DATE);
            statement.setInt(2, page.rows());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    days.add(
                            new TradedDay(
                                    new UserId(row.getLong("user_id")),
                                    row.getObject("day", LocalDate.class),
                                    row.getLong("settlements"),
                                    row.getLong("fills"),
                                    new Usd(row.getLong("volume_micros")),
                                    new Usd(row.getLong("realised_micros")),
                                    new Usd(row.getLong("fee_micros"))));
                }
            }
        }
        return days;
    }
}
