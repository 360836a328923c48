package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Rate;
import io.perpetua.marketdata.domain.funding.FundingOverride;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Table {@code funding_override}: the rates that administrators wanted, and took back. */
@ApplicationScoped
public class FundingOverrideStore {
    private static final String COLUMNS =
            "market_id, number, kind, rate_nanos, until_millis, at_millis, changed_by, reason,"
                    + " approval_id";

    /**
     * What an administrator decided.
     *
     * @param override null when it takes back the one before it
     * @param changedBy the administrator's id; of two who approved it
     * @param approval the request that was approved; null where one administrator was enough
     */
    public record StoredOverride(
            MarketId market,
            long number,
            @Nullable FundingOverride override,
            long atMillis,
            String changedBy,
            String reason,
            @Nullable Long approval) {}

    /** Holds back other writers of a market until the transaction ends. */
    public void lock(Connection transaction, MarketId market) throws SQLException {
        try (PreparedStatement lock =
                transaction.prepareStatement(
                        "select pg_advisory_xact_lock(hashtext('funding-override'), ?)")) {
            lock.setInt(1, market.value());
            lock.execute();
        }
    }

    /** Adds one to those there are. */
    public void add(Connection transaction, StoredOverride stored) throws SQLException {
        try (PreparedStatement insert =
                transaction.prepareStatement(
                        "insert into funding_override ("
                                + COLUMNS
                                + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            FundingOverride override = stored.override();
            insert.setInt(1, stored.market().value());
            insert.setLong(2, stored.number());
            if (override == null) {
                insert.setNull(3, Types.VARCHAR);
                insert.setNull(4, Types.BIGINT);
                insert.setNull(5, Types.BIGINT);
            } else {
                insert.setString(3, override.kind().name());
                insert.setLong(4, override.rate().nanos());
                insert.setLong(5, override.untilMillis());
            }
            insert.setLong(6, stored.atMillis());
            insert.setString(7, stored.changedBy());
            insert.setString(8, stored.reason());
            insert.setObject(9, stored.approval(), Types.BIGINT);
            insert.executeUpdate();
        }
    }

    /** The newest of each market, where it is not one that takes back. */
    public Map<MarketId, FundingOverride> standing(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select distinct on (market_id) "
                                        + COLUMNS
                                        + " from funding_override order by market_id, number desc");
                ResultSet rows = select.executeQuery()) {
            Map<MarketId, FundingOverride> standing = new HashMap<>();
            while (rows.next()) {
                FundingOverride override = stored(rows).override();
                if (override != null) {
                    standing.put(override.market(), override);
                }
            }
            return standing;
        }
    }

    /** The newest {@code limit} of a market before number {@code before}, newest first. */
    public List<StoredOverride> newest(
            Connection connection, MarketId market, long before, int limit) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + COLUMNS
                                + " from funding_override where market_id = ? and number < ?"
                                + " order by number desc limit ?")) {
            select.setInt(1, market.value());
            select.setLong(2, before);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                List<StoredOverride> newest = new ArrayList<>();
                while (rows.next()) {
                    newest.add(stored(rows));
                }
                return newest;
            }
        }
    }

    private static StoredOverride stored(ResultSet row) throws SQLException {
        MarketId market = new MarketId(row.getInt("market_id"));
        long number = row.getLong("number");
        long atMillis = row.getLong("at_millis");
        String kind = row.getString("kind");
        FundingOverride override =
                kind == null
                        ? null
                        : new FundingOverride(
                                market,
                                number,
                                FundingKind.valueOf(kind),
                                new Rate(row.getLong("rate_nanos")),
                                atMillis,
                                row.getLong("until_millis"));
        return new StoredOverride(
                market,
                number,
                override,
                atMillis,
                row.getString("changed_by"),
                row.getString("reason"),
                row.getObject("approval_id", Long.class));
    }
}
