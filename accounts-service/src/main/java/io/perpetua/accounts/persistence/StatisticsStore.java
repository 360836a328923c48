package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.statistics.TradedDay;
import io.perpetua.accounts.domain.statistics.UserDay;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What users traded and what their positions were worth, a row each a user and day. */
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
     * @param unrealised of all positions when they were last valued, null when they never were
     * @param valuedAt when that was
     */
    public record Lifetime(
            long days,
            @Nullable LocalDate first,
            @Nullable LocalDate last,
            BigDecimal fills,
            BigDecimal volumeMicros,
            BigDecimal realisedMicros,
            BigDecimal feeMicros,
            @Nullable Usd unrealised,
            @Nullable Instant valuedAt) {}

    /** Of days that there are already, the later valuation stays; of the deleted none is kept. */
    private static final String VALUE =
            "insert into user_day_valuation as d (user_id, day, unrealised_micros, valued_at)"
                    + " select v.user_id, v.day, v.micros, v.at"
                    + " from unnest(?::bigint[], ?::date[], ?::bigint[], ?::timestamptz[])"
                    + " as v (user_id, day, micros, at)"
                    + " join app_user u on u.user_id = v.user_id and u.state <> 'DELETED'"
                    + " on conflict (user_id, day) do update set"
                    + " unrealised_micros = excluded.unrealised_micros,"
                    + " valued_at = excluded.valued_at where excluded.valued_at > d.valued_at";

    /** Takes valuations, at most one a user and day. */
    public void value(Connection connection, List<UserValuation> valuations) throws SQLException {
        if (valuations.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(VALUE)) {
            statement.setArray(
                    1, column(connection, "int8", valuations, one -> one.user().value()));
            statement.setArray(2, column(connection, "date", valuations, one -> "" + one.day()));
            statement.setArray(
                    3, column(connection, "int8", valuations, one -> one.unrealisedPnl().micros()));
            statement.setArray(
                    4,
                    column(
                            connection,
                            "timestamptz",
                            valuations,
                            one -> Instant.ofEpochMilli(one.atMillis()).toString()));
            statement.executeUpdate();
        }
    }

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

    private static <T> Array column(
            Connection connection, String type, List<T> rows, Function<T, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }

    /** The visible user's days added up. */
    public Lifetime lifetime(Connection connection) throws SQLException {
        String sql =
                "select count(*) as days, min(day) as first, max(day) as last,"
                        + " coalesce(sum(fills), 0) as fills,"
                        + " coalesce(sum(volume_micros), 0) as volume,"
                        + " coalesce(sum(realised_micros), 0) as realised,"
                        + " coalesce(sum(fee_micros), 0) as fees,"
                        + " (select unrealised_micros from user_day_valuation"
                        + " where user_id = current_user_id() order by day desc limit 1)"
                        + " as unrealised,"
                        + " (select valued_at from user_day_valuation"
                        + " where user_id = current_user_id() order by day desc limit 1)"
                        + " as valued_at"
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
                    row.getBigDecimal("fees"),
                    usd(row, "unrealised"),
                    SqlTimes.readNullable(row, "valued_at"));
        }
    }

    /** A part of the visible user's days, newest first; the cursor's id is the day's number. */
    public List<UserDay> days(Connection connection, PageRequest page) throws SQLException {
        LocalDate before = page.after() == null ? null : LocalDate.ofEpochDay(page.after().id());
        return days(connection, null, before, page.rows());
    }

    /** One of the visible user's days. */
    public UserDay day(Connection connection, LocalDate day) throws SQLException {
        return days(connection, day, day.plusDays(1), 1).stream()
                .findFirst()
                .orElseGet(() -> UserDay.quiet(day));
    }

    private static List<UserDay> days(
            Connection connection, @Nullable LocalDate from, @Nullable LocalDate before, int most)
            throws SQLException {
        String sql =
                "select day, coalesce(fills, 0) as fills, coalesce(volume_micros, 0) as volume,"
                        + " coalesce(realised_micros, 0) as realised,"
                        + " coalesce(fee_micros, 0) as fees, unrealised_micros as unrealised,"
                        + " valued_at from (select * from user_day"
                        + " where user_id = current_user_id()) d full join"
                        + " (select * from user_day_valuation where user_id = current_user_id()) v"
                        + " using (day) where day >= coalesce(?, '-infinity'::date)"
                        + " and day < coalesce(?, 'infinity'::date) order by day desc limit ?";
        List<UserDay> days = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, from, java.sql.Types.DATE);
            statement.setObject(2, before, java.sql.Types.DATE);
            statement.setInt(3, most);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    days.add(
                            new UserDay(
                                    row.getObject("day", LocalDate.class),
                                    row.getLong("fills"),
                                    new Usd(row.getLong("volume")),
                                    new Usd(row.getLong("realised")),
                                    new Usd(row.getLong("fees")),
                                    usd(row, "unrealised"),
                                    SqlTimes.readNullable(row, "valued_at")));
                }
            }
        }
        return days;
    }

    private static @Nullable Usd usd(ResultSet row, String column) throws SQLException {
        Long micros = row.getObject(column, Long.class);
        return micros == null ? null : new Usd(micros);
    }
}
