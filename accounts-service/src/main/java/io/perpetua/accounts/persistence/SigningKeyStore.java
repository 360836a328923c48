package io.perpetua.accounts.persistence;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The key pairs that sign access tokens, their private halves sealed. */
@ApplicationScoped
public class SigningKeyStore {
    /** A key pair as stored: X.509 and sealed PKCS 8. */
    public record StoredKey(
            String id, byte[] publicKey, byte[] sealedPrivateKey, Instant createdAt) {
        @Override
        public String toString() {
            return "StoredKey[" + id + "]";
        }
    }

    /** All keys, the newest last. */
    public List<StoredKey> all(Connection connection) throws SQLException {
        String sql =
                "select key_id, public_key, sealed_private_key, created_at from signing_key"
                        + " order by created_at, key_id";
        List<StoredKey> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                keys.add(
                        new StoredKey(
                                rows.getString("key_id"),
                                rows.getBytes("public_key"),
                                rows.getBytes("sealed_private_key"),
                                SqlTimes.read(rows, "created_at")));
            }
        }
        return keys;
    }

    /** Lets one transaction at a time make keys. */
    public void lock(Connection connection) throws SQLException {
        String sql = "select pg_advisory_xact_lock(hashtextextended('signing_key', 0))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    /** Adds a key. */
    public void add(Connection connection, StoredKey key) throws SQLException {
        String sql =
                "insert into signing_key (key_id, public_key, sealed_private_key, created_at)"
                        + " values (?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key.id());
            statement.setBytes(2, key.publicKey());
            statement.setBytes(3, key.sealedPrivateKey());
            statement.setObject(4, SqlTimes.of(key.createdAt()));
            statement.executeUpdate();
        }
    }
}
