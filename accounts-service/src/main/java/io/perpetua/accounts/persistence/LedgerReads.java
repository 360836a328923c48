package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the ledger says: balances, statements, and the trial balance over everybody. */
@ApplicationScoped
public class LedgerReads {
    /**
     * The trial balance reads every posting; a request waits longer for it than for others, but
     * less long than the pool waits for an answer, which would leave the statement running.
     */
    private static final String TRIAL_BALANCE_PATIENCE = "set local statement_timeout = '9s'";

    /** So many transactions are passed by in search of a time before its index is asked. */
    private static final int MOST_WALKED = 1_000;

    /** An account's balance, and up to which credit and settlement it is. */
    public record BalanceRow(
            SubaccountId subaccount,
            String asset,
            Usd balance,
            long creditSequence,
            long settlementSequence) {}

    /** A transaction of an account. */
    public record StatementRow(
            SubaccountId subaccount,
            String asset,
            long number,
            String kind,
            Usd amount,
            Usd balanceAfter,
            List<String> houseAccounts,
            List<Usd> houseAmounts,
            long sourceSequence,
            @Nullable Integer marketId,
            @Nullable Long firstTradeId,
            @Nullable Long lastTradeId,
            @Nullable Long transferId,
            @Nullable Long counterpartId,
            @Nullable Long withdrawalId,
            @Nullable Long adjustmentId,
            Instant occurredAt) {}

    /** An account in the trial balance; in micros, as sums may leave 64 bits. */
    public record TrialRow(
            String asset, String account, BigDecimal balanceMicros, BigDecimal postingsMicros) {}

    /** The visible user's balances, of one subaccount or all; a subaccount's USDC comes first. */
    public List<BalanceRow> balances(Connection connection, @Nullable SubaccountId subaccount)
            throws SQLException {
        String sql =
                "select subaccount_id, asset, balance_micros, credit_sequence, settlement_sequence"
                        + " from customer_account where user_id = current_user_id()"
                        + " and subaccount_id = coalesce(?, subaccount_id)"
                        + " order by subaccount_id, asset <> 'USDC', asset";
        List<BalanceRow> balances = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(
                    1, subaccount == null ? null : subaccount.value(), java.sql.Types.BIGINT);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    balances.add(
                            new BalanceRow(
                                    new SubaccountId(rows.getLong("subaccount_id")),
                                    rows.getString("asset"),
                                    new Usd(rows.getLong("balance_micros")),
                                    rows.getLong("credit_sequence"),
                                    rows.getLong("settlement_sequence")));
                }
            }
        }
        return balances;
    }

    /** Whether the visible user has this account. */
    public boolean hasAccount(Connection connection, SubaccountId subaccount, String asset)
            throws SQLException {
        String sql = "select 1 from customer_account where subaccount_id = ? and asset = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, asset);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Which of an account's transactions are wanted; null where it doesn't matter. */
    public record StatementFilter(
            LedgerTransaction.@Nullable TransactionKind kind,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /** A part of the visible user's statement, newest first. */
    public List<StatementRow> statement(
            Connection connection,
            SubaccountId subaccount,
            String asset,
            StatementFilter filter,
            PageRequest page)
            throws SQLException {
        long before = page.after() == null ? Long.MAX_VALUE : page.after().id();
        if (filter.from() == null && filter.to() == null) {
            return walk(connection, subaccount, asset, filter, 0, before, page.rows());
        }
        long end = Math.clamp(before, 1L, lastNumber(connection, subaccount, asset) + 1);
        long walkedFrom = Math.max(1, end - MOST_WALKED);
        List<StatementRow> found =
                walk(connection, subaccount, asset, filter, walkedFrom, before, page.rows());
        if (found.size() < page.rows() && walkedFrom > 1) {
            found.addAll(
                    search(
                            connection,
                            subaccount,
                            asset,
                            filter,
                            walkedFrom,
                            page.rows() - found.size()));
        }
        return found;
    }

    private static long lastNumber(Connection connection, SubaccountId subaccount, String asset)
            throws SQLException {
        String sql =
                "select coalesce(max(number), 0) from ledger_transaction"
                        + " where subaccount_id = ? and asset = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, asset);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** By number, which suits when nearly all that is passed is wanted. */
    private static List<StatementRow> walk(
            Connection connection,
            SubaccountId subaccount,
            String asset,
            StatementFilter filter,
            long fromNumber,
            long before,
            int most)
            throws SQLException {
        String sql =
                "select * from ledger_transaction where subaccount_id = ? and asset = ?"
                        + " and number >= ? and number < ?"
                        + ofKind(filter.kind())
                        + " and occurred_at >= coalesce(?::timestamptz, '-infinity')"
                        + " and occurred_at < coalesce(?::timestamptz, 'infinity')"
                        + " order by number desc limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, asset);
            statement.setLong(3, fromNumber);
            statement.setLong(4, before);
            setTime(statement, 5, filter.from());
            setTime(statement, 6, filter.to());
            statement.setInt(7, most);
            return statementRows(statement);
        }
    }

    /**
     * By time, which suits when little is wanted of what lies between. Numbers and times don't
     * always follow each other, so all within the time are put in order; without {@code offset 0}
     * the order would lead PostgreSQL back to walking by number.
     */
    private static List<StatementRow> search(
            Connection connection,
            SubaccountId subaccount,
            String asset,
            StatementFilter filter,
            long before,
            int most)
            throws SQLException {
        String sql =
                "select * from (select * from ledger_transaction"
                        + " where subaccount_id = ? and asset = ? and number < ?"
                        + ofKind(filter.kind())
                        + " and occurred_at >= coalesce(?::timestamptz, '-infinity')"
                        + " and occurred_at < coalesce(?::timestamptz, 'infinity')"
                        + " offset 0) within order by number desc limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, asset);
            statement.setLong(3, before);
            setTime(statement, 4, filter.from());
            setTime(statement, 5, filter.to());
            statement.setInt(6, most);
            return statementRows(statement);
        }
    }

    private static List<StatementRow> statementRows(PreparedStatement statement)
            throws SQLException {
        List<StatementRow> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(statementRow(rows));
            }
        }
        return found;
    }

    /** Written out, so that the index over all but trades serves it. */
    private static String ofKind(LedgerTransaction.@Nullable TransactionKind kind) {
        return kind == null ? "" : " and kind = '" + kind.name() + "'";
    }

    private static void setTime(PreparedStatement statement, int place, @Nullable Instant time)
            throws SQLException {
        statement.setObject(
                place,
                time == null ? null : SqlTimes.of(time),
                java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private static StatementRow statementRow(ResultSet row) throws SQLException {
        List<Usd> houseAmounts = new ArrayList<>();
        for (Long micros : (Long[]) row.getArray("house_amounts_micros").getArray()) {
            houseAmounts.add(new Usd(micros));
        }
        return new StatementRow(
                new SubaccountId(row.getLong("subaccount_id")),
                row.getString("asset"),
                row.getLong("number"),
                row.getString("kind"),
                new Usd(row.getLong("amount_micros")),
                new Usd(row.getLong("balance_after_micros")),
                List.of((String[]) row.getArray("house_accounts").getArray()),
                houseAmounts,
                row.getLong("source_sequence"),
                row.getObject("market_id", Integer.class),
                row.getObject("first_trade_id", Long.class),
                row.getObject("last_trade_id", Long.class),
                row.getObject("transfer_id", Long.class),
                row.getObject("counterpart_id", Long.class),
                row.getObject("withdrawal_id", Long.class),
                row.getObject("adjustment_id", Long.class),
                SqlTimes.read(row, "occurred_at"));
    }

    /** Balances and the sums of postings, read at one moment. */
    public List<TrialRow> trialBalance(Connection connection) throws SQLException {
        List<TrialRow> trial = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute(TRIAL_BALANCE_PATIENCE);
            try (ResultSet rows = statement.executeQuery("select * from trial_balance()")) {
                while (rows.next()) {
                    trial.add(
                            new TrialRow(
                                    rows.getString("asset"),
                                    rows.getString("account"),
                                    rows.getBigDecimal("balance_micros"),
                                    rows.getBigDecimal("postings_micros")));
                }
            }
        }
        return trial;
    }
}
