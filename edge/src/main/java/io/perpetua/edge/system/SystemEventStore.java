package io.perpetua.edge.system;

import io.agroal.api.AgroalDataSource;
import io.perpetua.edge.PageRequest;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the service's system events stand; nothing of it belongs to a user. */
@ApplicationScoped
public class SystemEventStore {
    private static final int BATCH = 1_000;

    private final AgroalDataSource database;

    /** With the pool of the service's own work. */
    public SystemEventStore(@DataSource("shard") AgroalDataSource database) {
        this.database = database;
    }

    /** An event of one minute. */
    public record SystemEventRow(
            long id,
            String type,
            SystemEventSeverity severity,
            long count,
            String data,
            Instant at) {}

    /** Which are wanted; null where it doesn't matter. */
    public record Filter(
            @Nullable SystemEventType type,
            @Nullable SystemEventSeverity severity,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /** Adds to the row of the event's minute, or makes it. */
    void add(SystemEventType type, SystemEvents.Pending event) throws SQLException {
        String sql =
                "insert into system_event as e (type, severity, minute, at, count, data)"
                        + " values (?, ?, ?, ?, ?, ?::json)"
                        + " on conflict on constraint system_event_is_one_a_minute do update set"
                        + " count = e.count + excluded.count, at = greatest(e.at, excluded.at),"
                        + " data = excluded.data";
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, type.name());
            statement.setString(2, type.severity().name());
            statement.setObject(3, time(event.at().truncatedTo(ChronoUnit.MINUTES)));
            statement.setObject(4, time(event.at()));
            statement.setLong(5, event.count());
            statement.setString(6, event.data());
            statement.executeUpdate();
        }
    }

    /**
     * Deletes those from before a time, a bounded number in a transaction; others may do the same.
     *
     * @return how many
     */
    int forget(Instant before) throws SQLException {
        String sql =
                "delete from system_event where event_id in (select event_id from system_event"
                        + " where at < ? order by at limit "
                        + BATCH
                        + " for update skip locked)";
        int forgotten = 0;
        int batch = BATCH;
        while (batch == BATCH) {
            try (Connection connection = database.getConnection();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, time(before));
                batch = statement.executeUpdate();
            }
            forgotten += batch;
        }
        return forgotten;
    }

    /** A part of them, newest first, for whoever has been found to be allowed to. */
    List<SystemEventRow> list(Filter filter, PageRequest page) {
        try (Connection connection = database.getConnection()) {
            return list(connection, filter, page);
        } catch (SQLException failed) {
            throw new IllegalStateException("system events can't be read: " + failed, failed);
        }
    }

    /** A part of them, newest first, as the connection's role may see them. */
    public List<SystemEventRow> list(Connection connection, Filter filter, PageRequest page)
            throws SQLException {
        String sql =
                "select event_id, type, severity, count, data::text as data, at from system_event"
                        + " where event_id < ? and type = coalesce(?, type)"
                        + " and severity = coalesce(?, severity)"
                        + " and at >= coalesce(?, '-infinity'::timestamptz)"
                        + " and at < coalesce(?, 'infinity'::timestamptz)"
                        + " order by event_id desc limit ?";
        List<SystemEventRow> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, page.after() == null ? Long.MAX_VALUE : page.after().id());
            statement.setString(2, filter.type() == null ? null : filter.type().name());
            statement.setString(3, filter.severity() == null ? null : filter.severity().name());
            statement.setObject(4, filter.from() == null ? null : time(filter.from()));
            statement.setObject(5, filter.to() == null ? null : time(filter.to()));
            statement.setInt(6, page.rows());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(
                            new SystemEventRow(
                                    row.getLong("event_id"),
                                    row.getString("type"),
                                    SystemEventSeverity.valueOf(row.getString("severity")),
                                    row.getLong("count"),
                                    row.getString("data"),
                                    row.getObject("at", OffsetDateTime.class).toInstant()));
                }
            }
        }
        return found;
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
