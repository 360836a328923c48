package io.perpetua.accounts.persistence;

import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hypercore's subaccounts, without their private keys, in the order of their creation. */
@ApplicationScoped
public class HypercoreStore {
    private static final String VISIBLE =
            "select * from hypercore_subaccount where user_id = current_user_id()";

    /** A subaccount as stored. */
    public record HypercoreRow(
            long id,
            UserId user,
            String wallet,
            String publicKey,
            boolean isActive,
            Instant createdAt) {
        /** The same, switched on or off. */
        public HypercoreRow active(boolean isOn) {
            return new HypercoreRow(id, user, wallet, publicKey, isOn, createdAt);
        }
    }

    /** An id for a new one. */
    public long nextId(Connection connection) throws SQLException {
        String sql = "select nextval('hypercore_subaccount_id_sequence')";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Stores a new one of the visible user. */
    public void add(Connection connection, HypercoreRow row) throws SQLException {
        String sql =
                "insert into hypercore_subaccount (id, user_id, user_wallet, sub_account_pubkey,"
                        + " is_active, timestamp_creation) values (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, row.id());
            statement.setLong(2, row.user().value());
            statement.setString(3, row.wallet());
            statement.setString(4, row.publicKey());
            statement.setBoolean(5, row.isActive());
            statement.setObject(6, SqlTimes.of(row.createdAt()));
            statement.executeUpdate();
        }
    }

    /** All of the visible user's. */
    public List<HypercoreRow> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(VISIBLE + " order by id")) {
            return read(statement);
        }
    }

    /** The visible user's that belong to a wallet; hexadecimal digits in whatever case. */
    public List<HypercoreRow> ofWallet(Connection connection, String wallet) throws SQLException {
        String sql =
                VISIBLE
                        + " and (user_wallet = ? or user_wallet ~* '^0x[0-9a-f]+$'"
                        + " and lower(user_wallet) = lower(?)) order by id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, wallet);
            statement.setString(2, wallet);
            return read(statement);
        }
    }

    /** One of the visible user's, held until the transaction ends. */
    public Optional<HypercoreRow> lock(Connection connection, long id) throws SQLException {
        String sql = VISIBLE + " and id = ? for update";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            return read(statement).stream().findFirst();
        }
    }

    /** Switches one on or off. */
    public void update(Connection connection, HypercoreRow row) throws SQLException {
        String sql = "update hypercore_subaccount set is_active = ? where id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBoolean(1, row.isActive());
            statement.setLong(2, row.id());
            statement.executeUpdate();
        }
    }

    private static List<HypercoreRow> read(PreparedStatement statement) throws SQLException {
        List<HypercoreRow> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(
                        new HypercoreRow(
                                row.getLong("id"),
                                new UserId(row.getLong("user_id")),
                                row.getString("user_wallet"),
                                row.getString("sub_account_pubkey"),
                                row.getBoolean("is_active"),
                                SqlTimes.read(row, "timestamp_creation")));
            }
        }
        return found;
    }
}
