package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.signin.WalletKind;
import io.perpetua.accounts.domain.token.RefreshRules;
import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sign-ins that last; row-level security shows a user's own. */
@ApplicationScoped
public class OpenSignInStore {
    /** A sign-in that begins. */
    public record NewSignIn(
            SignInId id,
            UserId user,
            Wallet wallet,
            AuditOrigin origin,
            String refreshHash,
            Instant now,
            Instant expiresAt,
            Instant accessUntil) {}

    /** A sign-in as its owner sees it. */
    public record ListedSignIn(
            SignInId id,
            WalletKind walletKind,
            String wallet,
            @Nullable String userAgent,
            @Nullable String clientAddress,
            Instant createdAt,
            Instant refreshedAt,
            Instant expiresAt) {}

    /** A sign-in that has ended, and until when access tokens of it would be valid. */
    public record EndedSignIn(SignInId id, Instant accessUntil) {}

    /** Begins one. */
    public void open(Connection connection, NewSignIn begun) throws SQLException {
        String sql =
                "insert into sign_in (sign_in_id, user_id, wallet, user_agent, client_address,"
                        + " created_at, refreshed_at, expires_at, access_until, refresh_hash)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, begun.id.value());
            statement.setLong(2, begun.user.value());
            statement.setString(3, begun.wallet.stored());
            statement.setString(4, begun.origin.agent());
            statement.setString(5, begun.origin.address());
            statement.setObject(6, SqlTimes.of(begun.now));
            statement.setObject(7, SqlTimes.of(begun.now));
            statement.setObject(8, SqlTimes.of(begun.expiresAt));
            statement.setObject(9, SqlTimes.of(begun.accessUntil));
            statement.setBytes(10, HexFormat.of().parseHex(begun.refreshHash));
            statement.executeUpdate();
        }
    }

    /** Its state, locked until the transaction ends; nothing when it has ended. */
    public Optional<RefreshRules.State> lock(Connection connection, SignInId id)
            throws SQLException {
        String sql =
                "select generation, refresh_hash, previous_hash, refreshed_at, expires_at"
                        + " from sign_in where sign_in_id = ? for update";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, id.value());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                byte[] previous = row.getBytes("previous_hash");
                return Optional.of(
                        new RefreshRules.State(
                                row.getLong("generation"),
                                HexFormat.of().formatHex(row.getBytes("refresh_hash")),
                                previous == null ? null : HexFormat.of().formatHex(previous),
                                SqlTimes.read(row, "refreshed_at"),
                                SqlTimes.read(row, "expires_at")));
            }
        }
    }

    /** Notes that the newest refresh token is used up, and which one follows it. */
    public void rotate(
            Connection connection, SignInId id, String hash, Instant now, Instant accessUntil)
            throws SQLException {
        String sql =
                "update sign_in set generation = generation + 1, previous_hash = refresh_hash,"
                        + " refresh_hash = ?, refreshed_at = ?, access_until = ?"
                        + " where sign_in_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, HexFormat.of().parseHex(hash));
            statement.setObject(2, SqlTimes.of(now));
            statement.setObject(3, SqlTimes.of(accessUntil));
            statement.setObject(4, id.value());
            statement.executeUpdate();
        }
    }

    /** Notes a further access token. */
    public void extend(Connection connection, SignInId id, Instant accessUntil)
            throws SQLException {
        String sql = "update sign_in set access_until = ? where sign_in_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(accessUntil));
            statement.setObject(2, id.value());
            statement.executeUpdate();
        }
    }

    /** Ends one of the user's. */
    public List<EndedSignIn> end(Connection connection, UserId user, SignInId id)
            throws SQLException {
        return delete(connection, "user_id = ? and sign_in_id = ?", user, id.value());
    }

    /** Ends all of the user's but one. */
    public List<EndedSignIn> endOthers(Connection connection, UserId user, SignInId kept)
            throws SQLException {
        return delete(connection, "user_id = ? and sign_in_id <> ?", user, kept.value());
    }

    /** Ends all of the user's. */
    public List<EndedSignIn> endAll(Connection connection, UserId user) throws SQLException {
        return delete(connection, "user_id = ? and user_id = ?", user, user.value());
    }

    /** Ends all that a wallet of the user's made. */
    public List<EndedSignIn> endOfWallet(Connection connection, UserId user, Wallet wallet)
            throws SQLException {
        return delete(connection, "user_id = ? and wallet = ?", user, wallet.stored());
    }

    /** Ends those of the user's that were not refreshed for the longest, down to so many. */
    public List<EndedSignIn> endBeyond(Connection connection, UserId user, int most)
            throws SQLException {
        return delete(
                connection,
                "sign_in_id in (select sign_in_id from sign_in where user_id = ?"
                        + " order by refreshed_at desc, sign_in_id offset ?)",
                user,
                most);
    }

    private static List<EndedSignIn> delete(
            Connection connection, String which, UserId user, Object second) throws SQLException {
        String sql = "delete from sign_in where " + which + " returning sign_in_id, access_until";
        List<EndedSignIn> ended = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setObject(2, second);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ended.add(
                            new EndedSignIn(
                                    new SignInId(rows.getObject("sign_in_id", UUID.class)),
                                    SqlTimes.read(rows, "access_until")));
                }
            }
        }
        return ended;
    }

    /** Forgets the user's that are over by themselves. */
    public void forgetOver(Connection connection, UserId user, Instant now, Instant refreshedBefore)
            throws SQLException {
        String sql =
                "delete from sign_in where user_id = ? and (expires_at <= ? or refreshed_at <= ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setObject(2, SqlTimes.of(now));
            statement.setObject(3, SqlTimes.of(refreshedBefore));
            statement.executeUpdate();
        }
    }

    /** The user's that last, the last refreshed first. */
    public List<ListedSignIn> list(
            Connection connection, UserId user, Instant now, Instant refreshedBefore)
            throws SQLException {
        String sql =
                "select s.sign_in_id, w.kind, w.address, s.user_agent, s.client_address,"
                        + " s.created_at, s.refreshed_at, s.expires_at"
                        + " from sign_in s join wallet w on w.address = s.wallet"
                        + " where s.user_id = ? and s.expires_at > ? and s.refreshed_at > ?"
                        + " order by s.refreshed_at desc, s.sign_in_id";
        List<ListedSignIn> listed = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setObject(2, SqlTimes.of(now));
            statement.setObject(3, SqlTimes.of(refreshedBefore));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    listed.add(
                            new ListedSignIn(
                                    new SignInId(rows.getObject("sign_in_id", UUID.class)),
                                    WalletKind.valueOf(rows.getString("kind")),
                                    rows.getString("address"),
                                    rows.getString("user_agent"),
                                    rows.getString("client_address"),
                                    SqlTimes.read(rows, "created_at"),
                                    SqlTimes.read(rows, "refreshed_at"),
                                    SqlTimes.read(rows, "expires_at")));
                }
            }
        }
        return listed;
    }
}
