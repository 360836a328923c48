package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Runs of the comparison between the ledger and risk's copies, and what they found. */
@ApplicationScoped
public class ReconciliationStore {
    /**
     * A run as stored; {@code askedAt} is null while accounts are left to be asked for, {@code
     * checkedAt} while accounts of other assets than USDC are left to be checked.
     */
    public record RunRow(
            long id,
            String kind,
            Instant startedAt,
            @Nullable Instant askedAt,
            long asked,
            long compared,
            long differing,
            @Nullable Instant comparedAt,
            long checked,
            long contradicting,
            @Nullable Instant checkedAt) {
        /** Whether risk has answered for every account, and all others are checked. */
        public boolean isDone() {
            return askedAt != null && compared == asked && checkedAt != null;
        }
    }

    /** An account that risk is asked for. */
    public record Question(UserId user, SubaccountId subaccount, long ledgerTransactions) {}

    /**
     * An account in USDC on which ledger and risk differ, or one of another asset that differs from
     * its postings.
     */
    public record DifferenceRow(
            long id,
            long run,
            SubaccountId subaccount,
            Asset asset,
            long settlementSequence,
            long creditSequence,
            Usd ledger,
            @Nullable Usd risk,
            @Nullable Usd postings,
            @Nullable Long firstTransaction,
            @Nullable Long firstSequence,
            Instant foundAt) {}

    /**
     * Makes a run; of a night one, and on demand one at a time that is not asked through.
     *
     * @return nothing when there is one
     */
    public Optional<RunRow> start(
            Connection connection, String kind, @Nullable LocalDate night, Instant now)
            throws SQLException {
        String sql =
                "insert into reconciliation_run (kind, night, started_at) values (?, ?, ?)"
                        + " on conflict do nothing returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, kind);
            statement.setObject(2, night, Types.DATE);
            statement.setObject(3, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(run(row)) : Optional.empty();
            }
        }
    }

    /** Takes the oldest run that has accounts left to ask for, and holds it. */
    public OptionalLong takeUnasked(Connection connection) throws SQLException {
        String sql =
                "select run_id from reconciliation_run where asked_at is null"
                        + " order by run_id limit 1 for update";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /** The next accounts that a run is to ask for, by subaccount. */
    public List<Question> next(Connection connection, long run, int most) throws SQLException {
        String sql =
                "select user_id, subaccount_id, transactions from customer_account"
                        + " where asset = ? and subaccount_id >"
                        + " (select asked_after from reconciliation_run where run_id = ?)"
                        + " order by subaccount_id limit ?";
        List<Question> questions = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, Asset.USDC.code());
            statement.setLong(2, run);
            statement.setInt(3, most);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    questions.add(
                            new Question(
                                    new UserId(rows.getLong(1)),
                                    new SubaccountId(rows.getLong(2)),
                                    rows.getLong(3)));
                }
            }
        }
        return questions;
    }

    /** Takes note of accounts that are asked for; none means that all are. */
    public void asked(Connection connection, long run, List<Question> questions, Instant now)
            throws SQLException {
        String sql =
                questions.isEmpty()
                        ? "update reconciliation_run set asked_at = ? where run_id = ?"
                        : "update reconciliation_run set asked = asked + ?, asked_after = ?"
                                + " where run_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (questions.isEmpty()) {
                statement.setObject(1, SqlTimes.of(now));
                statement.setLong(2, run);
            } else {
                statement.setInt(1, questions.size());
                statement.setLong(2, questions.getLast().subaccount().value());
                statement.setLong(3, run);
            }
            statement.executeUpdate();
        }
    }

    /** A copy of risk's and the ledger's balance at its sequences. */
    public record Compared(CollateralReported report, Usd ledger) {
        /** Whether they are the same. */
        public boolean agrees() {
            return ledger.equals(report.collateral());
        }
    }

    /**
     * The ledger's balances at the sequences of risk's copies. What is younger than these came
     * after the question, and so has a higher number than the account's last then.
     */
    public List<Compared> compare(Connection connection, List<CollateralReported> reports)
            throws SQLException {
        String sql =
                "select v.place, c.balance_micros - coalesce((select sum(t.amount_micros)"
                        + " from ledger_transaction t where t.subaccount_id = c.subaccount_id"
                        + " and t.asset = c.asset and t.number > v.number"
                        + " and case when t.kind in ('DEPOSIT', 'WITHDRAWAL_RETURNED',"
                        + " 'ADJUSTMENT_CREDIT') then t.source_sequence > v.credits"
                        + " else t.source_sequence > v.settled end), 0) as ledger_micros"
                        + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])"
                        + " with ordinality as v (subaccount_id, number, credits, settled, place)"
                        + " join customer_account c on c.subaccount_id = v.subaccount_id"
                        + " and c.asset = ?";
        List<Compared> compared = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            longs(statement, 1, reports, report -> report.subaccount().value());
            longs(statement, 2, reports, CollateralReported::ledgerTransactions);
            longs(statement, 3, reports, CollateralReported::creditSequence);
            longs(statement, 4, reports, CollateralReported::sequence);
            statement.setString(5, Asset.USDC.code());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    compared.add(
                            new Compared(
                                    reports.get(rows.getInt("place") - 1),
                                    new Usd(rows.getLong("ledger_micros"))));
                }
            }
        }
        return compared;
    }

    private static <T> void longs(
            PreparedStatement statement, int place, List<T> items, ToLongFunction<T> value)
            throws SQLException {
        Object[] values = items.stream().map(item -> (Object) value.applyAsLong(item)).toArray();
        statement.setArray(place, statement.getConnection().createArrayOf("int8", values));
    }

    /** Takes note that ledger and risk agree on accounts, each of which is named once. */
    public void agreed(Connection connection, List<CollateralReported> reports)
            throws SQLException {
        String sql =
                "insert into reconciliation_agreement"
                        + " (subaccount_id, run_id, settlement_sequence, credit_sequence,"
                        + " ledger_transactions)"
                        + " select * from unnest(?::bigint[], ?::bigint[], ?::bigint[],"
                        + " ?::bigint[], ?::bigint[]) on conflict (subaccount_id) do update"
                        + " set run_id = excluded.run_id,"
                        + " settlement_sequence = excluded.settlement_sequence,"
                        + " credit_sequence = excluded.credit_sequence,"
                        + " ledger_transactions = excluded.ledger_transactions";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            longs(statement, 1, reports, report -> report.subaccount().value());
            longs(statement, 2, reports, CollateralReported::run);
            longs(statement, 3, reports, CollateralReported::sequence);
            longs(statement, 4, reports, CollateralReported::creditSequence);
            longs(statement, 5, reports, CollateralReported::ledgerTransactions);
            statement.executeUpdate();
        }
    }

    /**
     * Stores differences, each with the first place where there can be one. The ledger is searched
     * for it from the last agreement on, and no further than {@code mostSearched} transactions of
     * all accounts together reach: settlements wait for it.
     */
    public List<DifferenceRow> differ(
            Connection connection, List<Compared> differing, int mostSearched, Instant now)
            throws SQLException {
        if (differing.isEmpty()) {
            return List.of();
        }
        int searched = Math.max(1, mostSearched / differing.size());
        String sql =
                "insert into reconciliation_difference (run_id, subaccount_id,"
                        + " settlement_sequence, credit_sequence, ledger_micros, risk_micros,"
                        + " first_transaction, first_sequence, found_at)"
                        + " select v.run_id, v.subaccount_id, v.settled, v.credits, v.ledger,"
                        + " v.risk, broken.number, coalesce(broken.source_sequence,"
                        + " a.settlement_sequence + 1, 1), ?"
                        + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
                        + " ?::bigint[], ?::bigint[])"
                        + " as v (run_id, subaccount_id, settled, credits, ledger, risk)"
                        + " left join reconciliation_agreement a"
                        + " on a.subaccount_id = v.subaccount_id"
                        + " left join lateral (select l.number, l.source_sequence from ("
                        + "select number, source_sequence, balance_after_micros,"
                        + " coalesce(lag(balance_after_micros) over (order by number),"
                        + " case when number = a.ledger_transactions"
                        + " then balance_after_micros - amount_micros else 0 end)"
                        + " + amount_micros as expected,"
                        + " lead(number) over (order by number) is null"
                        + " and count(*) over () < ? as is_last"
                        + " from (select * from ledger_transaction"
                        + " where subaccount_id = v.subaccount_id and asset = ?"
                        + " and number >= coalesce(a.ledger_transactions, 0)"
                        + " order by number limit ?) searched) l"
                        + " where l.balance_after_micros <> l.expected or (l.is_last"
                        + " and l.balance_after_micros <> (select balance_micros"
                        + " from customer_account"
                        + " where subaccount_id = v.subaccount_id and asset = ?))"
                        + " order by l.number limit 1) broken on true returning *";
        List<DifferenceRow> differences = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            longs(statement, 2, differing, one -> one.report().run());
            longs(statement, 3, differing, one -> one.report().subaccount().value());
            longs(statement, 4, differing, one -> one.report().sequence());
            longs(statement, 5, differing, one -> one.report().creditSequence());
            longs(statement, 6, differing, one -> one.ledger().micros());
            longs(statement, 7, differing, one -> one.report().collateral().micros());
            statement.setInt(8, searched);
            statement.setString(9, Asset.USDC.code());
            statement.setInt(10, searched);
            statement.setString(11, Asset.USDC.code());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    differences.add(difference(rows));
                }
            }
        }
        return differences;
    }

    /**
     * When the last nightly run that is done began; while none is, when the first of all nightly
     * runs did.
     */
    public Optional<Instant> lastNightDone(Connection connection) throws SQLException {
        String sql =
                "select coalesce(max(started_at) filter (where asked_at is not null"
                        + " and compared = asked and checked_at is not null),"
                        + " min(started_at)) as began"
                        + " from reconciliation_run where kind = 'NIGHTLY'";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return Optional.ofNullable(SqlTimes.readNullable(row, "began"));
        }
    }

    /** Counts what runs have compared. */
    public void count(Connection connection, List<Compared> compared, Instant now)
            throws SQLException {
        String sql =
                "update reconciliation_run r set compared = r.compared + v.compared,"
                        + " differing = r.differing + v.differing, compared_at = ? from ("
                        + "select run_id, count(*) as compared, sum(differs) as differing"
                        + " from unnest(?::bigint[], ?::bigint[]) as u (run_id, differs)"
                        + " group by run_id) v where r.run_id = v.run_id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            longs(statement, 2, compared, one -> one.report().run());
            longs(statement, 3, compared, one -> one.agrees() ? 0 : 1);
            statement.executeUpdate();
        }
    }

    /** A part of the runs, newest first. */
    public List<RunRow> runs(Connection connection, PageRequest page) throws SQLException {
        String sql =
                "select * from reconciliation_run where run_id < ? order by run_id desc limit ?";
        List<RunRow> runs = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, page.after() == null ? Long.MAX_VALUE : page.after().id());
            statement.setInt(2, page.rows());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    runs.add(run(rows));
                }
            }
        }
        return runs;
    }

    /** A run. */
    public Optional<RunRow> run(Connection connection, long id) throws SQLException {
        String sql = "select * from reconciliation_run where run_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(run(row)) : Optional.empty();
            }
        }
    }

    /** A part of what a run found, the last found first. */
    public List<DifferenceRow> differences(Connection connection, long run, PageRequest page)
            throws SQLException {
        String sql =
                "select * from reconciliation_difference where run_id = ? and difference_id < ?"
                        + " order by difference_id desc limit ?";
        List<DifferenceRow> differences = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, run);
            statement.setLong(2, page.after() == null ? Long.MAX_VALUE : page.after().id());
            statement.setInt(3, page.rows());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    differences.add(difference(rows));
                }
            }
        }
        return differences;
    }

    private static RunRow run(ResultSet row) throws SQLException {
        return new RunRow(
                row.getLong("run_id"),
                row.getString("kind"),
                SqlTimes.read(row, "started_at"),
                SqlTimes.readNullable(row, "asked_at"),
                row.getLong("asked"),
                row.getLong("compared"),
                row.getLong("differing"),
                SqlTimes.readNullable(row, "compared_at"),
                row.getLong("checked"),
                row.getLong("contradicting"),
                SqlTimes.readNullable(row, "checked_at"));
    }

    private static DifferenceRow difference(ResultSet row) throws SQLException {
        return new DifferenceRow(
                row.getLong("difference_id"),
                row.getLong("run_id"),
                new SubaccountId(row.getLong("subaccount_id")),
                new Asset(row.getString("asset")),
                row.getLong("settlement_sequence"),
                row.getLong("credit_sequence"),
                new Usd(row.getLong("ledger_micros")),
                usd(row, "risk_micros"),
                usd(row, "postings_micros"),
                row.getObject("first_transaction", Long.class),
                row.getObject("first_sequence", Long.class),
                SqlTimes.read(row, "found_at"));
    }

    private static @Nullable Usd usd(ResultSet row, String column) throws SQLException {
        Long micros = row.getObject(column, Long.class);
        return micros == null ? null : new Usd(micros);
    }
}
