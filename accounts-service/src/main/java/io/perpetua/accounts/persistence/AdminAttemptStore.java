package io.perpetua.accounts.persistence;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** How often somebody has tried to sign in as an administrator, by name and by address. */
@ApplicationScoped
public class AdminAttemptStore {
    private static final Duration KEPT = Duration.ofDays(1);

    /** The attempts under a key, and until when no more are heard. */
    public record Attempts(int count, Instant blockedUntil) {}

    /** The attempts under the key, held until the transaction ends. */
    public Attempts hold(Connection connection, String key, Instant now) throws SQLException {
        String sql =
                "insert into admin_attempt as a (key, attempts, blocked_until, last_at)"
                        + " values (?, 0, ?, ?) on conflict (key) do update"
                        + " set last_at = a.last_at returning attempts, blocked_until";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            statement.setObject(2, SqlTimes.of(now));
            statement.setObject(3, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Attempts(row.getInt("attempts"), SqlTimes.read(row, "blocked_until"));
            }
        }
    }

    /** Notes an attempt under a key that is held. */
    public void write(Connection connection, String key, Attempts attempts, Instant now)
            throws SQLException {
        String sql =
                "update admin_attempt set attempts = ?, blocked_until = ?, last_at = ?"
                        + " where key = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, attempts.count());
            statement.setObject(2, SqlTimes.of(attempts.blockedUntil()));
            statement.setObject(3, SqlTimes.of(now));
            statement.setString(4, key);
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
