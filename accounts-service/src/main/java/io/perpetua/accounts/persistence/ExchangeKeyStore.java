package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.exchange.ExchangeKeyScope;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys of other exchanges, without what is secret of them. */
@ApplicationScoped
public class ExchangeKeyStore {
    private static final String VISIBLE =
            "select * from exchange_key where user_id = current_user_id()";

    /** A key as stored; {@code createdName} is the name it was added under. */
    public record ExchangeKeyRow(
            long id,
            String clientKeyId,
            String exchange,
            String name,
            String createdName,
            Set<ExchangeKeyScope> scopes,
            String keyHint,
            boolean hasPassphrase,
            @Nullable Instant passphraseChangedAt,
            boolean isActive,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {
        /** The scopes can't be changed. */
        public ExchangeKeyRow {
            scopes = Set.copyOf(scopes);
        }

        /** The same under another name, switched on or off. */
        public ExchangeKeyRow changed(String newName, boolean isOn) {
            return new ExchangeKeyRow(
                    id,
                    clientKeyId,
                    exchange,
                    newName,
                    createdName,
                    scopes,
                    keyHint,
                    hasPassphrase,
                    passphraseChangedAt,
                    isOn,
                    createdAt,
                    lastUsedAt);
        }

        /** The same with another passphrase. */
        public ExchangeKeyRow withPassphrase(Instant changedAt) {
            return new ExchangeKeyRow(
                    id,
                    clientKeyId,
                    exchange,
                    name,
                    createdName,
                    scopes,
                    keyHint,
                    true,
                    changedAt,
                    isActive,
                    createdAt,
                    lastUsedAt);
        }
    }

    /** An id for a new one. */
    public long nextId(Connection connection) throws SQLException {
        String sql = "select nextval('exchange_key_id_sequence')";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** How many the visible user has. */
    public int count(Connection connection) throws SQLException {
        String sql = "select count(*) from exchange_key where user_id = current_user_id()";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Stores a new one of the visible user. */
    public void add(Connection connection, UserId user, ExchangeKeyRow key) throws SQLException {
        String sql =
                "insert into exchange_key (exchange_key_id, user_id, client_key_id, exchange, name,"
                        + " created_name, scopes, key_hint, has_passphrase, is_active, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key.id());
            statement.setLong(2, user.value());
            statement.setString(3, key.clientKeyId());
            statement.setString(4, key.exchange());
            statement.setString(5, key.name());
            statement.setString(6, key.createdName());
            statement.setArray(
                    7,
                    connection.createArrayOf(
                            "text", key.scopes().stream().map(Enum::name).sorted().toArray()));
            statement.setString(8, key.keyHint());
            statement.setBoolean(9, key.hasPassphrase());
            statement.setBoolean(10, key.isActive());
            statement.setObject(11, SqlTimes.of(key.createdAt()));
            statement.executeUpdate();
        }
    }

    /** The visible user's key under their own id. */
    public Optional<ExchangeKeyRow> findByClientId(Connection connection, String clientKeyId)
            throws SQLException {
        String sql = VISIBLE + " and client_key_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, clientKeyId);
            return read(statement).stream().findFirst();
        }
    }

    /** One of the visible user's. */
    public Optional<ExchangeKeyRow> find(Connection connection, long id) throws SQLException {
        return find(connection, id, "");
    }

    /** One of the visible user's, held until the transaction ends. */
    public Optional<ExchangeKeyRow> lock(Connection connection, long id) throws SQLException {
        return find(connection, id, " for update");
    }

    private static Optional<ExchangeKeyRow> find(Connection connection, long id, String hold)
            throws SQLException {
        String sql = VISIBLE + " and exchange_key_id = ?" + hold;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            return read(statement).stream().findFirst();
        }
    }

    /** A part of the visible user's, newest first. */
    public List<ExchangeKeyRow> list(Connection connection, PageRequest page) throws SQLException {
        String sql = VISIBLE + " and exchange_key_id < ? order by exchange_key_id desc limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, page.after() == null ? Long.MAX_VALUE : page.after().id());
            statement.setInt(2, page.rows());
            return read(statement);
        }
    }

    /** Stores what can change of it: name, whether it is on, and that it has a passphrase. */
    public void update(Connection connection, ExchangeKeyRow key) throws SQLException {
        String sql =
                "update exchange_key set name = ?, is_active = ?, has_passphrase = ?,"
                        + " passphrase_changed_at = ? where exchange_key_id = ?";
        Instant changedAt = key.passphraseChangedAt();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key.name());
            statement.setBoolean(2, key.isActive());
            statement.setBoolean(3, key.hasPassphrase());
            statement.setObject(4, changedAt == null ? null : SqlTimes.of(changedAt));
            statement.setLong(5, key.id());
            statement.executeUpdate();
        }
    }

    /** Notes that it was used. */
    public void used(Connection connection, long id, Instant at) throws SQLException {
        String sql = "update exchange_key set last_used_at = ? where exchange_key_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(at));
            statement.setLong(2, id);
            statement.executeUpdate();
        }
    }

    /** Removes it. */
    public void remove(Connection connection, long id) throws SQLException {
        String sql = "delete from exchange_key where exchange_key_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            statement.executeUpdate();
        }
    }

    private static List<ExchangeKeyRow> read(PreparedStatement statement) throws SQLException {
        List<ExchangeKeyRow> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(
                        new ExchangeKeyRow(
                                row.getLong("exchange_key_id"),
                                row.getString("client_key_id"),
                                row.getString("exchange"),
                                row.getString("name"),
                                row.getString("created_name"),
                                scopes((String[]) row.getArray("scopes").getArray()),
                                row.getString("key_hint"),
                                row.getBoolean("has_passphrase"),
                                SqlTimes.readNullable(row, "passphrase_changed_at"),
                                row.getBoolean("is_active"),
                                SqlTimes.read(row, "created_at"),
                                SqlTimes.readNullable(row, "last_used_at")));
            }
        }
        return found;
    }

    private static Set<ExchangeKeyScope> scopes(String[] names) {
        Set<ExchangeKeyScope> scopes = EnumSet.noneOf(ExchangeKeyScope.class);
        Arrays.stream(names).map(ExchangeKeyScope::valueOf).forEach(scopes::add);
        return scopes;
    }
}
