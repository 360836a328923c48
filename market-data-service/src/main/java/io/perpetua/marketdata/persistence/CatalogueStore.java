package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tables {@code market} and {@code market_version}: each market's versions and the one in force.
 */
@ApplicationScoped
public class CatalogueStore {
    private static final String IN_FORCE =
            "select v.definition::text from market m join market_version v"
                    + " on v.market_id = m.market_id and v.version = m.version";

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
            List<Market> markets = new ArrayList<>();
            while (rows.next()) {
                markets.add(market(rows));
            }
            return markets;
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

    /** Adds a version and puts it in force. */
    public void put(Connection transaction, Market market, long atMillis) throws SQLException {
        try (PreparedStatement version =
                        transaction.prepareStatement(
                                "insert into market_version (market_id, version, definition,"
                                        + " at_millis) values (?, ?, ?::jsonb, ?)");
                PreparedStatement inForce =
                        transaction.prepareStatement(
                                "insert into market (market_id, symbol, version) values (?, ?, ?)"
                                        + " on conflict (market_id) do update"
                                        + " set symbol = excluded.symbol, version = excluded.version")) {
            version.setInt(1, market.id().value());
            version.setLong(2, market.version());
            version.setString(
                    3, new String(EventCodec.encode(Market.class, market), StandardCharsets.UTF_8));
            version.setLong(4, atMillis);
            version.executeUpdate();
            inForce.setInt(1, market.id().value());
            inForce.setString(2, market.symbol());
            inForce.setLong(3, market.version());
            inForce.executeUpdate();
        }
    }

    private static Market market(ResultSet row) throws SQLException {
        return EventCodec.decode(Market.class, row.getString(1).getBytes(StandardCharsets.UTF_8));
    }
}
