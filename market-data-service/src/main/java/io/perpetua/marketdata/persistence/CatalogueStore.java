package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tables {@code market} and {@code market_version}: each market's versions and the one in force.
 */
@ApplicationScoped
public class CatalogueStore {
    private static final String IN_FORCE =
            "select v.definition::text from market m join market_version v"
                    + " on v.market_id = m.market_id and v.version = m.version";

    private static final String CHANGED =
            IN_FORCE
                    + " where not exists (select from unnest(?::int[], ?::bigint[]) known (id, version)"
                    + " where known.id = m.market_id and known.version = m.version)";

    /** Holds back other writers of the catalogue until the transaction ends. */
    public void lock(Connection transaction) throws SQLException {
        try (PreparedStatement lock =
                transaction.prepareStatement("lock table market in share row exclusive mode")) {
            lock.execute();
        }
    }

    /** All markets as they are in force, by id. */
    public List<Market> all(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(IN_FORCE + " order by m.market_id");
                ResultSet rows = select.executeQuery()) {
            return markets(rows);
        }
    }

    /**
     * The markets that are in force in another version than is known of them, or not known at all.
     */
    public List<Market> changed(Connection connection, Collection<Market> known)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(CHANGED)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int", known.stream().map(market -> market.id().value()).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", known.stream().map(Market::version).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                return markets(rows);
            }
        }
    }

    /** The market of that symbol as it is in force. */
    public Optional<Market> bySymbol(Connection connection, String symbol) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(IN_FORCE + " where m.symbol = ?")) {
            select.setString(1, symbol);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(market(rows)) : Optional.empty();
            }
        }
    }

    /**
     * A version as it was decided.
     *
     * @param atMillis when it was decided
     * @param effectiveMillis from when on it is to be in force
     * @param changedBy the administrator's id, or {@code installation}; of two who approved it
     * @param inForce whether it is, or was
     * @param approval the request that was approved; null where one administrator was enough
     */
    public record StoredVersion(
            Market definition,
            long atMillis,
            long effectiveMillis,
            String changedBy,
            String reason,
            boolean inForce,
            @Nullable Long approval) {}

    /** The versions of a market, newest first; none when no market has that symbol. */
    public List<StoredVersion> versions(Connection connection, String symbol) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select v.definition::text, v.at_millis, v.effective_millis, v.changed_by,"
                                + " v.reason, v.version <= m.version, v.approval_id from market m"
                                + " join market_version v on v.market_id = m.market_id"
                                + " where m.symbol = ? order by v.version desc")) {
            select.setString(1, symbol);
            try (ResultSet rows = select.executeQuery()) {
                List<StoredVersion> versions = new ArrayList<>();
                while (rows.next()) {
                    versions.add(
                            new StoredVersion(
                                    market(rows),
                                    rows.getLong(2),
                                    rows.getLong(3),
                                    rows.getString(4),
                                    rows.getString(5),
                                    rows.getBoolean(6),
                                    rows.getObject(7, Long.class)));
                }
                return versions;
            }
        }
    }

    /** The least id above all that markets have. */
    public int nextId(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select coalesce(max(market_id), 0) + 1 from market");
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Adds a version; {@link #putInForce} must follow for a market's first in the transaction. */
    public void add(Connection transaction, StoredVersion version) throws SQLException {
        try (PreparedStatement insert =
                transaction.prepareStatement(
                        "insert into market_version (market_id, version, definition, at_millis,"
                                + " effective_millis, changed_by, reason, approval_id)"
                                + " values (?, ?, ?::jsonb, ?, ?, ?, ?, ?)")) {
            Market market = version.definition();
            insert.setInt(1, market.id().value());
            insert.setLong(2, market.version());
            insert.setString(
                    3, new String(EventCodec.encode(Market.class, market), StandardCharsets.UTF_8));
            insert.setLong(4, version.atMillis());
            insert.setLong(5, version.effectiveMillis());
            insert.setString(6, version.changedBy());
            insert.setString(7, version.reason());
            insert.setObject(8, version.approval(), Types.BIGINT);
            insert.executeUpdate();
        }
    }

    /** The versions that are due and not in force, ascending by market and version. */
    public List<Market> due(Connection connection, long nowMillis) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select v.definition::text from market m join market_version v"
                                + " on v.market_id = m.market_id and v.version > m.version"
                                + " where v.effective_millis <= ?"
                                + " order by v.market_id, v.version")) {
            select.setLong(1, nowMillis);
            try (ResultSet rows = select.executeQuery()) {
                return markets(rows);
            }
        }
    }

    /** Puts stored versions in force, the last of each market at last. */
    public void putInForce(Connection transaction, List<Market> versions) throws SQLException {
        try (PreparedStatement inForce =
                transaction.prepareStatement(
                        "insert into market (market_id, symbol, version) values (?, ?, ?)"
                                + " on conflict (market_id) do update"
                                + " set version = excluded.version")) {
            for (Market market : versions) {
                inForce.setInt(1, market.id().value());
                inForce.setString(2, market.symbol());
                inForce.setLong(3, market.version());
                inForce.addBatch();
            }
            inForce.executeBatch();
        }
    }

    private static List<Market> markets(ResultSet rows) throws SQLException {
        List<Market> markets = new ArrayList<>();
        while (rows.next()) {
            markets.add(market(rows));
        }
        return markets;
    }

    private static Market market(ResultSet row) throws SQLException {
        return EventCodec.decode(Market.class, row.getString(1).getBytes(StandardCharsets.UTF_8));
    }
}
