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
            String id,
            byte[] publicKey,
            byte[] sealedPrivateKey,
            Instant createdAt,
            Instant signsFrom) {
        @Override
        public String toString() {
            return "StoredKey[" + id + "]";
        }
    }

    /** All keys, in the order in which they sign. */
    public List<StoredKey> all(Connection connection) throws SQLException {
        String sql =
                "select key_id, public_key, sealed_private_key, created_at, signs_from"
                        + " from signing_key order by signs_from, key_id";
        List<StoredKey> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                keys.add(
                        new StoredKey(
                                rows.getString("key_id"),
                                rows.getBytes("public_key"),
                                rows.getBytes("sealed_private_key"),
                                SqlTimes.read(rows, "created_at"),
                                SqlTimes.read(rows, "signs_from")));
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
                "insert into signing_key (key_id, public_key, sealed_private_key, created_at,"
                        + " signs_from) values (?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key.id());
            statement.setBytes(2, key.publicKey());
            statement.setBytes(3, key.sealedPrivateKey());
            statement.setObject(4, SqlTimes.of(key.createdAt()));
            statement.setObject(5, SqlTimes.of(key.signsFrom()));
            statement.executeUpdate();
        }
    }

    /** Removes a key that no valid token is signed with. */
    public void remove(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from signing_key where key_id = ?")) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    /** Stores the same private half in another envelope, if it is still in the one given. */
    public void rewrap(Connection connection, String id, byte[] before, byte[] after)
            throws SQLException {
        String sql =
                "update signing_key set sealed_private_key = ?"
                        + " where key_id = ? and sealed_private_key = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, after);
            statement.setString(2, id);
            statement.setBytes(3, before);
            statement.executeUpdate();
        }
    }
}
