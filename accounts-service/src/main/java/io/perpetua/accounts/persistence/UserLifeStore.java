package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.user.ClosingState;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.risk.ClosingObstacle;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where users stand, and their wishes to leave as far as these have come. */
@ApplicationScoped
public class UserLifeStore {
    /** Where a user stands. */
    public record Standing(UserState state, boolean suspended) {}

    /** A wish to leave. */
    public record ClosingRow(
            long id,
            UserId user,
            ClosingKind kind,
            ClosingState state,
            UUID keptSignIn,
            List<ClosingObstacle> obstacles,
            Instant askedAt,
            @Nullable Instant decidedAt,
            @Nullable Instant finishedAt) {}

    /** Where the visible user stands. */
    public Standing find(Connection connection, UserId user) throws SQLException {
        return standing(connection, user, "");
    }

    /** The same, held until the transaction ends: one at a time changes or counts on it. */
    public Standing hold(Connection connection, UserId user) throws SQLException {
        return standing(connection, user, " for no key update");
    }

    /** The same, to stay as it is until the transaction ends; many can at once. */
    public Standing share(Connection connection, UserId user) throws SQLException {
        return standing(connection, user, " for share");
    }

    /** The same, with whatever refers to the user held up too. */
    public Standing seize(Connection connection, UserId user) throws SQLException {
        return standing(connection, user, " for update");
    }

    private static Standing standing(Connection connection, UserId user, String tail)
            throws SQLException {
        String sql =
                "select state, suspended_at is not null as suspended from app_user"
                        + " where user_id = ?"
                        + tail;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("there is no user " + user);
                }
                return new Standing(
                        UserState.valueOf(row.getString("state")), row.getBoolean("suspended"));
            }
        }
    }

    /** Moves a user on. */
    public void move(Connection connection, UserId user, UserState state) throws SQLException {
        String sql = "update app_user set state = ? where user_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, state.name());
            statement.setLong(2, user.value());
            statement.executeUpdate();
        }
    }

    /** How many withdrawals of the user have not ended. */
    public int pendingWithdrawals(Connection connection, UserId user) throws SQLException {
        String sql =
                "select count(*) from withdrawal where user_id = ?"
                        + " and state in ('REQUESTED', 'RESERVED', 'SENT')";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The user's first subaccount, which every user has. */
    public SubaccountId firstSubaccount(Connection connection, UserId user) throws SQLException {
        String sql =
                "select subaccount_id from subaccount where user_id = ? order by number limit 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new SubaccountId(row.getLong(1));
            }
        }
    }

    /** Stores a wish to leave. @return its id */
    public long ask(
            Connection connection,
            UserId user,
            ClosingKind kind,
            UserState before,
            UUID keptSignIn,
            Instant now)
            throws SQLException {
        String sql =
                "insert into user_closing (user_id, kind, state, state_before, kept_sign_in,"
                        + " asked_at) values (?, ?, 'ASKED', ?, ?, ?) returning closing_id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setString(2, kind.name());
            statement.setString(3, before.name());
            statement.setObject(4, keptSignIn);
            statement.setObject(5, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The visible user's last wish to leave. */
    public Optional<ClosingRow> lastClosing(Connection connection, UserId user)
            throws SQLException {
        String sql =
                "select * from user_closing where user_id = ? order by closing_id desc limit 1";
        return one(connection, sql, user.value());
    }

    /** One of the visible user's. */
    public Optional<ClosingRow> closing(Connection connection, long id) throws SQLException {
        return one(connection, "select * from user_closing where closing_id = ?", id);
    }

    private static Optional<ClosingRow> one(Connection connection, String sql, long key)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Takes risk's consent: what follows from it is due. */
    public void freeze(Connection connection, List<UserFrozen> frozen) throws SQLException {
        if (frozen.isEmpty()) {
            return;
        }
        String sql =
                "update user_closing c set state = 'FROZEN', decided_at = v.at,"
                        + " next_attempt_at = v.at"
                        + " from unnest(?::bigint[], ?::bigint[], ?::timestamptz[])"
                        + " as v (id, user_id, at) where c.closing_id = v.id"
                        + " and c.user_id = v.user_id and c.state = 'ASKED'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            array(statement, 1, "int8", frozen.stream().map(UserFrozen::closing));
            array(statement, 2, "int8", frozen.stream().map(one -> one.user().value()));
            array(statement, 3, "timestamptz", frozen.stream().map(one -> time(one.atMillis())));
            requireAll(statement.executeUpdate(), frozen.size());
        }
    }

    /** Takes risk's refusals: the users are where they were before they asked. */
    public void refuse(Connection connection, List<UserClosingRefused> refused)
            throws SQLException {
        if (refused.isEmpty()) {
            return;
        }
        String sql =
                "with refused as (update user_closing c set state = 'REFUSED', decided_at = v.at,"
                        + " finished_at = v.at, obstacles = v.obstacles"
                        + " from unnest(?::bigint[], ?::bigint[], ?::text[], ?::timestamptz[])"
                        + " as v (id, user_id, obstacles, at) where c.closing_id = v.id"
                        + " and c.user_id = v.user_id and c.state = 'ASKED'"
                        + " returning c.user_id, c.state_before)"
                        + " update app_user u set state = r.state_before from refused r"
                        + " where u.user_id = r.user_id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            array(statement, 1, "int8", refused.stream().map(UserClosingRefused::closing));
            array(statement, 2, "int8", refused.stream().map(one -> one.user().value()));
            array(statement, 3, "text", refused.stream().map(one -> text(one.obstacles())));
            array(statement, 4, "timestamptz", refused.stream().map(one -> time(one.atMillis())));
            requireAll(statement.executeUpdate(), refused.size());
        }
    }

    private static Timestamp time(long millis) {
        return Timestamp.from(Instant.ofEpochMilli(millis));
    }

    private static void array(PreparedStatement statement, int place, String type, Stream<?> values)
            throws SQLException {
        statement.setArray(place, statement.getConnection().createArrayOf(type, values.toArray()));
    }

    private static void requireAll(int updated, int decided) {
        if (updated != decided) {
            throw new IllegalStateException(
                    "%d of %d closings that risk decided don't wait for it"
                            .formatted(decided - updated, decided));
        }
    }

    /** Takes one that is frozen and due; nobody else takes it before {@code until}. */
    public Optional<ClosingRow> takeDue(Connection connection, Instant now, Instant until)
            throws SQLException {
        String sql =
                "update user_closing set next_attempt_at = ? where closing_id ="
                        + " (select closing_id from user_closing where next_attempt_at <= ?"
                        + " order by next_attempt_at limit 1 for update skip locked) returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(until));
            statement.setObject(2, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Ends a frozen one. @return false when it had ended */
    public boolean finish(Connection connection, long closing, Instant now) throws SQLException {
        String sql =
                "update user_closing set state = 'DONE', finished_at = ?, next_attempt_at = null"
                        + " where closing_id = ? and state = 'FROZEN'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            statement.setLong(2, closing);
            return statement.executeUpdate() == 1;
        }
    }

    /** How many subaccounts of the user hold something of an asset, by asset. */
    public SortedMap<String, Integer> holdings(Connection connection, UserId user)
            throws SQLException {
        String sql =
                "select asset, count(*) from customer_account"
                        + " where user_id = ? and balance_micros <> 0"
                        + " group by asset";
        SortedMap<String, Integer> held = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    held.put(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return held;
    }

    /** Whether an account of the user holds anything, in any asset. */
    public boolean hasBalance(Connection connection, UserId user) throws SQLException {
        String sql =
                "select exists (select from customer_account"
                        + " where user_id = ? and balance_micros <> 0)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Deletes all that tells who the user is, and all that is of use to nobody but them. */
    public void deletePersonal(Connection connection, UserId user) throws SQLException {
        String sql =
                Stream.of(
                                "vault_secret",
                                "hypercore_subaccount",
                                "fund",
                                "exchange_key",
                                "withdrawal_address",
                                "user_profile",
                                "wallet")
                        .map(
                                table ->
                                        "%1$s_gone as (delete from %1$s using owner o"
                                                        .formatted(table)
                                                + " where %s.user_id = o.id)".formatted(table))
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        "with owner as (select ?::bigint as id), ",
                                        " update subaccount s set name = 'Subaccount ' || s.number"
                                                + " from owner o where s.user_id = o.id"));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.executeUpdate();
        }
    }

    private static String text(List<ClosingObstacle> obstacles) {
        return obstacles.stream()
                .map(one -> one.kind() + "=" + one.count())
                .collect(Collectors.joining(","));
    }

    private static List<ClosingObstacle> obstacles(@Nullable String text) {
        if (text == null) {
            return new ArrayList<>();
        }
        return Arrays.stream(text.split(",", -1))
                .map(one -> one.split("=", 2))
                .map(
                        pair ->
                                new ClosingObstacle(
                                        ClosingObstacle.Kind.valueOf(pair[0]),
                                        Integer.parseInt(pair[1])))
                .toList();
    }

    private static ClosingRow read(ResultSet row) throws SQLException {
        return new ClosingRow(
                row.getLong("closing_id"),
                new UserId(row.getLong("user_id")),
                ClosingKind.valueOf(row.getString("kind")),
                ClosingState.valueOf(row.getString("state")),
                row.getObject("kept_sign_in", UUID.class),
                obstacles(row.getString("obstacles")),
                SqlTimes.read(row, "asked_at"),
                SqlTimes.readNullable(row, "decided_at"),
                SqlTimes.readNullable(row, "finished_at"));
    }
}
