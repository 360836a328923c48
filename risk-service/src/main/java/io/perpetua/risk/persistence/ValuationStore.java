package io.perpetua.risk.persistence;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.valuation.Held;
import io.perpetua.risk.domain.valuation.MarketPositions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tables {@code valuation_run} and {@code valued_user}, and the sums over positions that valuations
 * are made of; all times are the database's.
 */
public final class ValuationStore {
    /** What is valued. */
    public enum Kind {
        /** Every market, at once. */
        MARKETS,
        /** Every user, in batches. */
        USERS
    }

    /** Due by its time, or by one that is too far ahead for the interval or the clock. */
    private static final String TAKE =
            """
            select r.after_user_id from valuation_run r, now_millis() as clock (millis)
            where r.kind = ?
            and (r.due_at_millis <= clock.millis or r.due_at_millis > clock.millis + ?)
            for update of r skip locked
            """;

    private static final String USERS =
            """
            with holder as (
                select user_id from (
                    select p.user_id from positions p
                    where p.closed_at_millis is null and p.user_id > ?
                    union
                    select v.user_id from valued_user v where v.user_id > ?) held
                order by user_id limit ?)
            select h.user_id, p.market_id, sum(p.size_e8)::bigint, sum(p.cost_micros)::bigint,
                   now_millis()
            from holder h
            left join positions p on p.user_id = h.user_id and p.closed_at_millis is null
            group by h.user_id, p.market_id
            """;

    private static final String PUT_VALUED =
            "insert into valued_user (user_id) select * from unnest(?::bigint[])"
                    + " on conflict do nothing";

    private ValuationStore() {}

    /** All positions of each market, and when they were read. */
    public record Markets(List<MarketPositions> markets, long atMillis) {}

    /** What each of some users holds, by market, and when it was read; nothing is a closed one. */
    public record Users(SortedMap<UserId, Map<MarketId, Held>> users, long atMillis) {}

    /**
     * Makes the transaction the only one at this kind of valuation, if it is due and no other is at
     * it; the id of the user that a sweep has come to, 0 at its beginning.
     */
    public static OptionalLong take(Connection transaction, Kind kind, long intervalMillis)
            throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(TAKE)) {
            statement.setString(1, kind.name());
            statement.setLong(2, intervalMillis);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** Says when the kind is due again, and after which user's id a sweep goes on. */
    public static void put(Connection transaction, Kind kind, long dueAtMillis, long afterUserId)
            throws SQLException {
        try (PreparedStatement statement =
                transaction.prepareStatement(
                        "update valuation_run set due_at_millis = ?, after_user_id = ?"
                                + " where kind = ?")) {
            statement.setLong(1, dueAtMillis);
            statement.setLong(2, afterUserId);
            statement.setString(3, kind.name());
            statement.executeUpdate();
        }
    }

    /** What time it is. */
    public static long nowMillis(Connection transaction) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement("select now_millis()");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Every market, in one statement. */
    public static Markets markets(Connection transaction) throws SQLException {
        List<MarketPositions> markets = new ArrayList<>();
        long atMillis = 0;
        try (PreparedStatement statement =
                        transaction.prepareStatement(
                                "select market_id, long_e8, short_e8, cost_micros, positions,"
                                        + " traders, leverages, now_millis()"
                                        + " from market_positions order by market_id");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                markets.add(
                        new MarketPositions(
                                new MarketId(row.getInt(1)),
                                new Quantity(row.getLong(2)),
                                new Quantity(row.getLong(3)),
                                new Usd(row.getLong(4)),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7)));
                atMillis = row.getLong(8);
            }
        }
        return new Markets(markets, atMillis);
    }

    /**
     * The next {@code most} users after an id who hold something or whose newest valuation says so;
     * in one statement.
     */
    public static Users users(Connection transaction, long afterUserId, int most)
            throws SQLException {
        SortedMap<UserId, Map<MarketId, Held>> users = new TreeMap<>();
        long atMillis = 0;
        try (PreparedStatement statement = transaction.prepareStatement(USERS)) {
            statement.setLong(1, afterUserId);
            statement.setLong(2, afterUserId);
            statement.setInt(3, most);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Map<MarketId, Held> held =
                            users.computeIfAbsent(
                                    new UserId(row.getLong(1)), user -> new HashMap<>());
                    int market = row.getInt(2);
                    if (!row.wasNull()) {
                        held.put(
                                new MarketId(market),
                                new Held(new Quantity(row.getLong(3)), new Usd(row.getLong(4))));
                    }
                    atMillis = row.getLong(5);
                }
            }
        }
        return new Users(users, atMillis);
    }

    /** Remembers whose newest valuation is of positions, and forgets whose isn't. */
    public static void remember(
            Connection transaction, Collection<UserId> holding, Collection<UserId> holdingNothing)
            throws SQLException {
        execute(transaction, PUT_VALUED, holding);
        execute(
                transaction,
                "delete from valued_user where user_id = any(?::bigint[])",
                holdingNothing);
    }

    private static void execute(Connection transaction, String sql, Collection<UserId> users)
            throws SQLException {
        if (!users.isEmpty()) {
            try (PreparedStatement statement = transaction.prepareStatement(sql)) {
                statement.setArray(
                        1,
                        transaction.createArrayOf(
                                "bigint", users.stream().map(UserId::value).toArray()));
                statement.executeUpdate();
            }
        }
    }
}
