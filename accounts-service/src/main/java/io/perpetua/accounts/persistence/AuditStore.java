package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditRecord;
import io.perpetua.accounts.domain.audit.AuditRecord.Hash;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The audit log as the database keeps it, which numbers and hashes the entries itself. */
@ApplicationScoped
public class AuditStore {
    /** Where the chain ends, as its head says and as its entries do. */
    public record End(long number, Hash hash, long lastNumber) {}

    /** Which entries are asked for; null means any. */
    public record Filter(
            @Nullable String actorKind,
            @Nullable String actorId,
            @Nullable String action,
            @Nullable String subject,
            @Nullable Instant from,
            @Nullable Instant until) {
        /** All of them. */
        public static final Filter ALL = new Filter(null, null, null, null, null, null);
    }

    /** Adds an entry and holds the chain until the transaction ends. @return its number */
    public long append(Connection connection, AuditEntry entry, Instant at) throws SQLException {
        return append(connection, "append_audit", entry, at);
    }

    /** The same of what an administrator did in another service, which reports it. */
    public long appendReported(Connection connection, AuditEntry entry, Instant at)
            throws SQLException {
        return append(connection, "append_reported_audit", entry, at);
    }

    private static long append(Connection connection, String function, AuditEntry entry, Instant at)
            throws SQLException {
        String sql = "select " + function + "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(at));
            statement.setString(2, entry.actor().kind().name());
            statement.setString(3, entry.actor().id());
            statement.setString(4, entry.action().name());
            statement.setString(5, entry.subject());
            statement.setString(6, entry.before());
            statement.setString(7, entry.after());
            statement.setString(8, entry.origin().address());
            statement.setString(9, entry.origin().agent());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The chain's end, both looks at one moment. */
    public End end(Connection connection) throws SQLException {
        String sql = "select number, hash, last_number from audit_end()";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("the audit log has lost its head");
            }
            return new End(
                    row.getLong("number"),
                    Hash.of(row.getBytes("hash")),
                    row.getLong("last_number"));
        }
    }

    /** The hash of an entry; nothing if there is no such entry. */
    public Optional<Hash> hashAt(Connection connection, long number) throws SQLException {
        String sql = "select audit_hash_at(?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, number);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getBytes(1)).map(Hash::of);
            }
        }
    }

    /** Entries after {@code number} in their order, {@code limit} of them or, at the end, fewer. */
    public List<AuditRecord> after(Connection connection, long number, int limit, Filter filter)
            throws SQLException {
        return read(
                connection, " and number > ?", " order by number limit ?", number, limit, filter);
    }

    /** A page of the entries, newest first. */
    public List<AuditRecord> page(Connection connection, PageRequest page, Filter filter)
            throws SQLException {
        long before = page.after() == null ? Long.MAX_VALUE : page.after().id();
        return read(
                connection,
                " and number < ?",
                " order by number desc limit ?",
                before,
                page.rows(),
                filter);
    }

    private static List<AuditRecord> read(
            Connection connection,
            String beyond,
            String order,
            long number,
            int limit,
            Filter filter)
            throws SQLException {
        StringBuilder sql = new StringBuilder("select * from audit_entry where true");
        List<Object> values = new ArrayList<>();
        restrict(sql, values, " and actor_kind = ?", filter.actorKind());
        restrict(sql, values, " and actor_id = ?", filter.actorId());
        restrict(sql, values, " and action = ?", filter.action());
        restrict(sql, values, " and subject = ?", filter.subject());
        restrict(sql, values, " and at >= ?", filter.from());
        restrict(sql, values, " and at < ?", filter.until());
        sql.append(beyond).append(order);
        List<AuditRecord> records = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            int index = 0;
            for (Object value : values) {
                index++;
                if (value instanceof Instant time) {
                    statement.setObject(index, SqlTimes.of(time), Types.TIMESTAMP_WITH_TIMEZONE);
                } else {
                    statement.setString(index, value.toString());
                }
            }
            statement.setLong(index + 1, number);
            statement.setInt(index + 2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    records.add(record(rows));
                }
            }
        }
        return records;
    }

    private static void restrict(
            StringBuilder sql, List<Object> values, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            values.add(value);
        }
    }

    private static AuditRecord record(ResultSet row) throws SQLException {
        return new AuditRecord(
                row.getLong("number"),
                SqlTimes.read(row, "at"),
                row.getString("actor_kind"),
                row.getString("actor_id"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("state_before"),
                row.getString("state_after"),
                row.getString("client_address"),
                row.getString("user_agent"),
                Hash.of(row.getBytes("previous_hash")),
                Hash.of(row.getBytes("hash")));
    }
}
