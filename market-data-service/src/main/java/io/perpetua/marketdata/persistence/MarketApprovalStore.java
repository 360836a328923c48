package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.marketdata.MarketChangeWanted;
import io.perpetua.contracts.value.MarketId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code market_approval}: changes of markets that one administrator asks for and another one
 * decides. The database keeps whoever asks from deciding, and lets a request's state move on and
 * nothing else change.
 */
@ApplicationScoped
public class MarketApprovalStore {
    /**
     * A request.
     *
     * @param state as stored; an open one may have expired
     * @param decision null while nobody has decided
     */
    public record StoredApproval(
            long id,
            MarketId market,
            String symbol,
            MarketChangeWanted wanted,
            List<BoundExceeded> exceeds,
            String reason,
            MarketApprovalState state,
            long requestedBy,
            long requestedMillis,
            long expiresMillis,
            @Nullable StoredDecision decision) {}

    /**
     * What another administrator decided.
     *
     * @param outcome the version or the funding rate's number; null where it was rejected
     */
    public record StoredDecision(long by, long atMillis, String reason, @Nullable Long outcome) {}

    /** A request that is to be stored. */
    public record NewApproval(
            MarketId market,
            String symbol,
            MarketChangeWanted wanted,
            List<BoundExceeded> exceeds,
            String reason,
            long requestedBy,
            long requestedMillis,
            long expiresMillis) {}

    /** Holds back whoever else asks for something of a market until the transaction ends. */
    public void lock(Connection transaction, MarketId market) throws SQLException {
        try (PreparedStatement lock =
                transaction.prepareStatement(
                        "select pg_advisory_xact_lock(hashtext('market-approval'), ?)")) {
            lock.setInt(1, market.value());
            lock.execute();
        }
    }

    /** How many of a market wait for a decision. */
    public int open(Connection connection, MarketId market, long nowMillis) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select count(*) from market_approval where market_id = ?"
                                + " and state = 'OPEN' and expires_millis > ?")) {
            select.setInt(1, market.value());
            select.setLong(2, nowMillis);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The newest request by that administrator for exactly this that is open or approved. */
    public Optional<StoredApproval> findLive(
            Connection connection,
            MarketId market,
            MarketChangeWanted wanted,
            long requestedBy,
            long nowMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select * from market_approval where market_id = ? and wanted = ?"
                                + " and requested_by = ? and (state = 'APPROVED'"
                                + " or state = 'OPEN' and expires_millis > ?)"
                                + " order by approval_id desc limit 1")) {
            select.setInt(1, market.value());
            select.setString(2, text(wanted));
            select.setLong(3, requestedBy);
            select.setLong(4, nowMillis);
            return first(select);
        }
    }

    /** Stores a request. */
    public StoredApproval add(Connection transaction, NewApproval asked) throws SQLException {
        try (PreparedStatement insert =
                transaction.prepareStatement(
                        "insert into market_approval (market_id, symbol, wanted, exceeded_fields,"
                                + " exceeded_details, reason, state, requested_by,"
                                + " requested_millis, expires_millis)"
                                + " values (?, ?, ?, ?, ?, ?, 'OPEN', ?, ?, ?) returning *")) {
            insert.setInt(1, asked.market().value());
            insert.setString(2, asked.symbol());
            insert.setString(3, text(asked.wanted()));
            insert.setArray(4, texts(transaction, asked, BoundExceeded::field));
            insert.setArray(5, texts(transaction, asked, BoundExceeded::detail));
            insert.setString(6, asked.reason());
            insert.setLong(7, asked.requestedBy());
            insert.setLong(8, asked.requestedMillis());
            insert.setLong(9, asked.expiresMillis());
            return first(insert).orElseThrow();
        }
    }

    /** A request. */
    public Optional<StoredApproval> find(Connection connection, long id) throws SQLException {
        return find(connection, id, "");
    }

    /** A request, held until the transaction ends. */
    public Optional<StoredApproval> hold(Connection transaction, long id) throws SQLException {
        return find(transaction, id, " for update");
    }

    private static Optional<StoredApproval> find(Connection connection, long id, String tail)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select * from market_approval where approval_id = ?" + tail)) {
            select.setLong(1, id);
            return first(select);
        }
    }

    /**
     * The newest {@code limit} before number {@code before}, newest first.
     *
     * @param market null for those of all markets
     * @param state null for those of all states
     */
    public List<StoredApproval> newest(
            Connection connection,
            @Nullable MarketId market,
            @Nullable MarketApprovalState state,
            long before,
            int limit,
            long nowMillis)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select * from market_approval where approval_id < ?"
                                + " and (?::integer is null or market_id = ?)"
                                + " and (?::text is null"
                                + " or case when state = 'OPEN' and expires_millis <= ?"
                                + " then 'EXPIRED' else state end = ?)"
                                + " order by approval_id desc limit ?")) {
            Integer ofMarket = market == null ? null : market.value();
            String inState = state == null ? null : state.name();
            select.setLong(1, before);
            select.setObject(2, ofMarket, Types.INTEGER);
            select.setObject(3, ofMarket, Types.INTEGER);
            select.setString(4, inState);
            select.setLong(5, nowMillis);
            select.setString(6, inState);
            select.setInt(7, limit);
            return all(select);
        }
    }

    /**
     * Writes a decision on an open request.
     *
     * @param outcome null where it is rejected
     */
    public StoredApproval decide(
            Connection transaction,
            long id,
            MarketApprovalState state,
            long decider,
            String reason,
            @Nullable Long outcome,
            long nowMillis)
            throws SQLException {
        try (PreparedStatement update =
                transaction.prepareStatement(
                        "update market_approval set state = ?, decided_by = ?,"
                                + " decided_millis = ?, decision_reason = ?, outcome = ?"
                                + " where approval_id = ? and state = 'OPEN' returning *")) {
            update.setString(1, state.name());
            update.setLong(2, decider);
            update.setLong(3, nowMillis);
            update.setString(4, reason);
            update.setObject(5, outcome, Types.BIGINT);
            update.setLong(6, id);
            return first(update)
                    .orElseThrow(() -> new IllegalStateException("approval " + id + " is decided"));
        }
    }

    /** Writes that nobody decided in time, and gives those of which that was not known yet. */
    public List<StoredApproval> expire(Connection transaction, long nowMillis, int most)
            throws SQLException {
        try (PreparedStatement update =
                transaction.prepareStatement(
                        "update market_approval set state = 'EXPIRED' where approval_id in ("
                                + "select approval_id from market_approval where state = 'OPEN'"
                                + " and expires_millis <= ? order by approval_id limit ?"
                                + " for update skip locked) returning *")) {
            update.setLong(1, nowMillis);
            update.setInt(2, most);
            return all(update);
        }
    }

    private static Optional<StoredApproval> first(PreparedStatement statement) throws SQLException {
        return all(statement).stream().findFirst();
    }

    private static List<StoredApproval> all(PreparedStatement statement) throws SQLException {
        List<StoredApproval> approvals = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                approvals.add(read(rows));
            }
        }
        return approvals;
    }

    private static StoredApproval read(ResultSet row) throws SQLException {
        long decidedBy = row.getLong("decided_by");
        StoredDecision decision =
                row.wasNull()
                        ? null
                        : new StoredDecision(
                                decidedBy,
                                row.getLong("decided_millis"),
                                row.getString("decision_reason"),
                                row.getObject("outcome", Long.class));
        return new StoredApproval(
                row.getLong("approval_id"),
                new MarketId(row.getInt("market_id")),
                row.getString("symbol"),
                EventCodec.decode(
                        MarketChangeWanted.class,
                        row.getString("wanted").getBytes(StandardCharsets.UTF_8)),
                exceeds(row),
                row.getString("reason"),
                MarketApprovalState.valueOf(row.getString("state")),
                row.getLong("requested_by"),
                row.getLong("requested_millis"),
                row.getLong("expires_millis"),
                decision);
    }

    private static List<BoundExceeded> exceeds(ResultSet row) throws SQLException {
        String[] fields = (String[]) row.getArray("exceeded_fields").getArray();
        String[] details = (String[]) row.getArray("exceeded_details").getArray();
        return IntStream.range(0, fields.length)
                .mapToObj(i -> new BoundExceeded(fields[i], details[i]))
                .toList();
    }

    private static Array texts(
            Connection connection, NewApproval asked, Function<BoundExceeded, String> part)
            throws SQLException {
        return connection.createArrayOf("text", asked.exceeds().stream().map(part).toArray());
    }

    private static String text(MarketChangeWanted wanted) {
        return new String(
                EventCodec.encode(MarketChangeWanted.class, wanted), StandardCharsets.UTF_8);
    }
}
