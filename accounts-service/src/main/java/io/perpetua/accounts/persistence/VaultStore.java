package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.vault.SealedSecret;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Users' secrets as the database keeps them: sealed, each for a purpose of one record. */
@ApplicationScoped
public class VaultStore {
    /** A data key as it stands wrapped, and the place of its secret. */
    public record WrappedKey(String purpose, long record, UserId user, byte[] wrapped) {
        @Override
        public String toString() {
            return "WrappedKey[" + purpose + ":" + record + "]";
        }
    }

    /** Stores a secret of the visible user's record. */
    public void add(
            Connection connection, String purpose, UserId user, long record, SealedSecret sealed)
            throws SQLException {
        String sql =
                "insert into vault_secret"
                        + " (purpose, record_id, user_id, key_id, wrapped_key, ciphertext)"
                        + " values (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, purpose);
            statement.setLong(2, record);
            statement.setLong(3, user.value());
            statement.setString(4, sealed.keyId());
            statement.setBytes(5, sealed.wrappedKey());
            statement.setBytes(6, sealed.ciphertext());
            statement.executeUpdate();
        }
    }

    /** A secret of the visible user's record. */
    public Optional<SealedSecret> find(Connection connection, String purpose, long record)
            throws SQLException {
        String sql =
                "select key_id, wrapped_key, ciphertext from vault_secret"
                        + " where purpose = ? and record_id = ? and user_id = current_user_id()";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, purpose);
            statement.setLong(2, record);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(
                        new SealedSecret(
                                row.getString("key_id"),
                                row.getBytes("wrapped_key"),
                                row.getBytes("ciphertext")));
            }
        }
    }

    /** Forgets a secret of the visible user's record, if there is one. */
    public void remove(Connection connection, String purpose, long record) throws SQLException {
        String sql =
                "delete from vault_secret"
                        + " where purpose = ? and record_id = ? and user_id = current_user_id()";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, purpose);
            statement.setLong(2, record);
            statement.executeUpdate();
        }
    }

    /** How many secrets of all users each key wraps; with the rights of the shard. */
    public Map<String, Long> countByKey(Connection connection) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        String sql = "select key_id, secrets from secrets_by_key()";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString("key_id"), rows.getLong("secrets"));
            }
        }
        return counts;
    }

    /** Of all users, data keys that a key wraps, after a place in their order; likewise. */
    public List<WrappedKey> wrappedBy(
            Connection connection, String keyId, String afterPurpose, long afterRecord, int most)
            throws SQLException {
        List<WrappedKey> keys = new ArrayList<>();
        String sql =
                "select purpose, record_id, user_id, wrapped_key from wrapped_keys(?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, keyId);
            statement.setString(2, afterPurpose);
            statement.setLong(3, afterRecord);
            statement.setInt(4, most);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(
                            new WrappedKey(
                                    rows.getString("purpose"),
                                    rows.getLong("record_id"),
                                    new UserId(rows.getLong("user_id")),
                                    rows.getBytes("wrapped_key")));
                }
            }
        }
        return keys;
    }

    /**
     * Stores data keys that were wrapped anew, each where the old wrapping still stands; likewise.
     *
     * @return how many
     */
    public long rewrap(
            Connection connection, List<WrappedKey> before, List<byte[]> after, String keyId)
            throws SQLException {
        String sql = "select rewrap_keys(?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", before.stream().map(WrappedKey::purpose).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", before.stream().map(WrappedKey::record).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bytea",
                            before.stream().map(WrappedKey::wrapped).toArray(byte[][]::new)));
            statement.setArray(4, connection.createArrayOf("bytea", after.toArray(byte[][]::new)));
            statement.setString(5, keyId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** An administrator's secret of one-time codes, sealed. */
    public record AdminSecret(long admin, byte[] sealed) {}

    /** Those of all administrators. */
    public List<AdminSecret> adminSecrets(Connection connection) throws SQLException {
        List<AdminSecret> secrets = new ArrayList<>();
        String sql = "select admin_id, sealed_totp from admin_secrets()";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                secrets.add(
                        new AdminSecret(rows.getLong("admin_id"), rows.getBytes("sealed_totp")));
            }
        }
        return secrets;
    }

    /** Puts the same secret, wrapped anew, in its place. False if another came meanwhile. */
    public boolean rewrap(Connection connection, AdminSecret before, byte[] after)
            throws SQLException {
        String sql = "select rewrap_admin_secret(?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, before.admin());
            statement.setBytes(2, before.sealed());
            statement.setBytes(3, after);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
