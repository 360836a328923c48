package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.exchange.Fund;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
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
import org.jspecify.annotations.Nullable;

/** What users have at other exchanges, as these last said it. */
@ApplicationScoped
public class FundStore {
    /**
     * What somebody has of a currency; {@code exchangeKey} is whose key the exchange was asked by.
     */
    public record FundRow(
            long id, String exchange, @Nullable Long exchangeKey, Fund fund, Instant asOf) {}

    /** When the exchange was last asked by this key, which the caller has locked. */
    public Optional<Instant> asOf(Connection connection, long exchangeKey) throws SQLException {
        String sql = "select funds_as_of from exchange_key where exchange_key_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, exchangeKey);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(SqlTimes.readNullable(row, "funds_as_of"));
            }
        }
    }

    /** Puts what there is by a key in the place of what there was. */
    public void replace(
            Connection connection, UserId user, ExchangeKeyRow key, List<Fund> funds, Instant at)
            throws SQLException {
        update(
                connection,
                "update exchange_key set funds_as_of = ? where exchange_key_id = ?",
                SqlTimes.of(at),
                key.id());
        update(connection, "delete from fund where exchange_key_id = ?", key.id());
        String sql =
                "insert into fund (user_id, exchange_key_id, exchange, account, currency, free,"
                        + " locked, as_of) select ?, ?, ?, f.account, f.currency, f.free, f.locked,"
                        + " ? from unnest(?::text[], ?::text[], ?::numeric[], ?::numeric[])"
                        + " with ordinality as f (account, currency, free, locked, place)"
                        + " order by f.place desc";
        update(
                connection,
                sql,
                user.value(),
                key.id(),
                key.exchange(),
                SqlTimes.of(at),
                connection.createArrayOf("text", funds.stream().map(Fund::account).toArray()),
                connection.createArrayOf("text", funds.stream().map(Fund::currency).toArray()),
                connection.createArrayOf("numeric", funds.stream().map(Fund::free).toArray()),
                connection.createArrayOf("numeric", funds.stream().map(Fund::locked).toArray()));
    }

    private static void update(Connection connection, String sql, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** All that there is by one of the visible user's keys, in the exchange's order. */
    public List<FundRow> listOf(Connection connection, long exchangeKey) throws SQLException {
        String sql =
                "select * from fund where user_id = current_user_id() and exchange_key_id = ?"
                        + " order by fund_id desc";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, exchangeKey);
            return read(statement);
        }
    }

    /** A part of all that the visible user has, what was asked for last first. */
    public List<FundRow> list(Connection connection, long belowId, int rows) throws SQLException {
        String sql =
                "select * from fund where user_id = current_user_id() and fund_id < ?"
                        + " order by fund_id desc limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, belowId);
            statement.setInt(2, rows);
            return read(statement);
        }
    }

    private static List<FundRow> read(PreparedStatement statement) throws SQLException {
        List<FundRow> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(
                        new FundRow(
                                row.getLong("fund_id"),
                                row.getString("exchange"),
                                row.getObject("exchange_key_id", Long.class),
                                new Fund(
                                        row.getString("account"),
                                        row.getString("currency"),
                                        row.getBigDecimal("free"),
                                        row.getBigDecimal("locked")),
                                SqlTimes.read(row, "as_of")));
            }
        }
        return found;
    }
}
