package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.admin.AdminName;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How often somebody has tried to sign in as an administrator, by name and by address, and where
 * administrators have signed in from of late.
 */
@ApplicationScoped
public class AdminAttemptStore {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration KNOWN = Duration.ofDays(30);

    /** The attempts under a key, until when no more are heard, and when the last was. */
    public record Attempts(int count, Instant blockedUntil, Instant lastAt) {}

    /** The attempts under the key, held until the transaction ends. */
    public Attempts hold(Connection connection, String key, Instant now) throws SQLException {
        String sql =
                "insert into admin_attempt as a (key, attempts, blocked_until, last_at)"
                        + " values (?, 0, ?, ?) on conflict (key) do update"
                        + " set last_at = a.last_at returning attempts, blocked_until, last_at";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            statement.setObject(2, SqlTimes.of(now));
            statement.setObject(3, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Attempts(
                        row.getInt("attempts"),
                        SqlTimes.read(row, "blocked_until"),
                        SqlTimes.read(row, "last_at"));
            }
        }
    }

    /** Notes an attempt under a key that is held. */
    public void write(Connection connection, String key, Attempts attempts) throws SQLException {
        String sql =
                "update admin_attempt set attempts = ?, blocked_until = ?, last_at = ?"
                        + " where key = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, attempts.count());
            statement.setObject(2, SqlTimes.of(attempts.blockedUntil()));
            statement.setObject(3, SqlTimes.of(attempts.lastAt()));
            statement.setString(4, key);
            statement.executeUpdate();
        }
    }

    /** Takes the last attempt under a key back, which was heard, with the wait after it. */
    public void takeBack(Connection connection, String key, Instant now) throws SQLException {
        String sql =
                "update admin_attempt set attempts = greatest(attempts - 1, 0), blocked_until = ?"
                        + " where key = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            statement.setString(2, key);
            statement.executeUpdate();
        }
    }

    /** Forgets a key. */
    public void forget(Connection connection, String key) throws SQLException {
        String sql = "delete from admin_attempt where key = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            statement.executeUpdate();
        }
    }

    /** Whether an administrator has signed in from an address within 30 days. */
    public boolean isKnown(
            Connection connection, AdminName name, @Nullable String address, Instant now)
            throws SQLException {
        String sql =
                "select exists (select from admin_known_address"
                        + " where username = ? and address = ? and last_at > ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.toString());
            statement.setString(2, address);
            statement.setObject(3, SqlTimes.of(now.minus(KNOWN)));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Notes where an administrator has signed in from, and forgets where they no longer do. */
    public void know(Connection connection, AdminName name, String address, Instant now)
            throws SQLException {
        String sql =
                "with forgotten as (delete from admin_known_address"
                        + " where username = ? and last_at <= ? and address <> ?)"
                        + " insert into admin_known_address (username, address, last_at)"
                        + " values (?, ?, ?) on conflict (username, address)"
                        + " do update set last_at = excluded.last_at";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.toString());
            statement.setObject(2, SqlTimes.of(now.minus(KNOWN)));
            statement.setString(3, address);
            statement.setString(4, name.toString());
            statement.setString(5, address);
            statement.setObject(6, SqlTimes.of(now));
            statement.executeUpdate();
        }
    }

    /** Forgets some of the keys that nobody used for a day. */
    public void forgetOld(Connection connection, Instant now) throws SQLException {
        String sql =
                "delete from admin_attempt where key in (select key from admin_attempt"
                        + " where last_at < ? limit 100 for update skip locked)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now.minus(KEPT)));
            statement.executeUpdate();
        }
    }
}
