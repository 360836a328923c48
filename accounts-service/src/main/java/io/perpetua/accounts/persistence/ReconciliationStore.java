package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Runs of the comparison between the ledger and risk's copies, and what they found. */
@ApplicationScoped
public class ReconciliationStore {
    /** A run as stored; {@code askedAt} is null while accounts are left to be asked for. */
    public record RunRow(
            long id,
            String kind,
            Instant startedAt,
            @Nullable Instant askedAt,
            long asked,
            long compared,
            long differing,
            @Nullable Instant comparedAt) {
        /** Whether risk has answered for every account. */
        public boolean isDone() {
            return askedAt != null && compared == asked;
        }
    }

    /** An account that risk is asked for. */
    public record Question(UserId user, SubaccountId subaccount, long ledgerTransactions) {}

    /** An account on which ledger and risk differ. */
    public record DifferenceRow(
            long run,
            SubaccountId subaccount,
            long settlementSequence,
            long creditSequence,
            Usd ledger,
            Usd risk,
            @Nullable Long firstTransaction,
            long firstSequence,
            Instant foundAt) {}

    /** Makes a run; of a night, one. @return its id, or nothing when the night has one */
    public OptionalLong start(
            Connection connection, String kind, @Nullable LocalDate night, Instant now)
            throws SQLException {
        String sql =
                "insert into reconciliation_run (kind, night, started_at) values (?, ?, ?)"
                        + " on conflict (night) do nothing returning run_id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, kind);
            statement.setObject(2, night, Types.DATE);
            statement.setObject(3, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
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

    /**
     * The ledger's balance of an account at the sequences of risk's copy. What is younger than
     * these came after the question, and so has a higher number than the account's last then.
     */
    public Usd ledgerAt(Connection connection, CollateralReported report) throws SQLException {
        String sql =
                "select c.balance_micros - coalesce((select sum(t.amount_micros)"
                        + " from ledger_transaction t where t.subaccount_id = c.subaccount_id"
                        + " and t.asset = c.asset and t.number > ?"
                        + " and case when t.kind in ('DEPOSIT', 'WITHDRAWAL_RETURNED')"
                        + " then t.source_sequence > ? else t.source_sequence > ? end), 0)"
                        + " from customer_account c where c.subaccount_id = ? and c.asset = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, report.ledgerTransactions());
            statement.setLong(2, report.creditSequence());
            statement.setLong(3, report.sequence());
            statement.setLong(4, report.subaccount().value());
            statement.setString(5, Asset.USDC.code());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Usd(row.getLong(1));
            }
        }
    }

    /** Takes note that ledger and risk agree on an account. */
    public void agreed(Connection connection, CollateralReported report) throws SQLException {
        String sql =
                "insert into reconciliation_agreement"
                        + " (subaccount_id, run_id, settlement_sequence, credit_sequence)"
                        + " values (?, ?, ?, ?) on conflict (subaccount_id) do update"
                        + " set run_id = excluded.run_id,"
                        + " settlement_sequence = excluded.settlement_sequence,"
                        + " credit_sequence = excluded.credit_sequence";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, report.subaccount().value());
            statement.setLong(2, report.run());
            statement.setLong(3, report.sequence());
            statement.setLong(4, report.creditSequence());
            statement.executeUpdate();
        }
    }

    /** Stores a difference, with the first place where there can be one. */
    public DifferenceRow differs(
            Connection connection, CollateralReported report, Usd ledger, Instant now)
            throws SQLException {
        String sql =
                "with line as (select number, source_sequence, balance_after_micros,"
                        + " coalesce(lag(balance_after_micros) over (order by number), 0)"
                        + " + amount_micros as expected,"
                        + " lead(number) over (order by number) is null as is_last"
                        + " from ledger_transaction where subaccount_id = ? and asset = ?),"
                        + " broken as (select l.number, l.source_sequence from line l"
                        + " where l.balance_after_micros <> l.expected or (l.is_last"
                        + " and l.balance_after_micros <> (select balance_micros"
                        + " from customer_account where subaccount_id = ? and asset = ?))"
                        + " order by l.number limit 1)"
                        + " insert into reconciliation_difference (run_id, subaccount_id,"
                        + " settlement_sequence, credit_sequence, ledger_micros, risk_micros,"
                        + " first_transaction, first_sequence, found_at)"
                        + " select ?, ?, ?, ?, ?, ?, (select number from broken),"
                        + " coalesce((select source_sequence from broken),"
                        + " (select settlement_sequence + 1 from reconciliation_agreement"
                        + " where subaccount_id = ?), 1), ? returning *";
        long subaccount = report.subaccount().value();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount);
            statement.setString(2, Asset.USDC.code());
            statement.setLong(3, subaccount);
            statement.setString(4, Asset.USDC.code());
            statement.setLong(5, report.run());
            statement.setLong(6, subaccount);
            statement.setLong(7, report.sequence());
            statement.setLong(8, report.creditSequence());
            statement.setLong(9, ledger.micros());
            statement.setLong(10, report.collateral().micros());
            statement.setLong(11, subaccount);
            statement.setObject(12, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return difference(row);
            }
        }
    }

    /** Counts what a run has compared. */
    public void count(Connection connection, long run, int compared, int differing, Instant now)
            throws SQLException {
        String sql =
                "update reconciliation_run set compared = compared + ?, differing = differing + ?,"
                        + " compared_at = ? where run_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, compared);
            statement.setInt(2, differing);
            statement.setObject(3, SqlTimes.of(now));
            statement.setLong(4, run);
            statement.executeUpdate();
        }
    }

    /** The last runs, newest first. */
    public List<RunRow> runs(Connection connection, int most) throws SQLException {
        String sql = "select * from reconciliation_run order by run_id desc limit ?";
        List<RunRow> runs = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, most);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    runs.add(run(rows));
                }
            }
        }
        return runs;
    }

    /** What runs found, at most so many, by run and subaccount. */
    public List<DifferenceRow> differences(Connection connection, Collection<Long> runs, int most)
            throws SQLException {
        String sql =
                "select * from reconciliation_difference where run_id = any(?)"
                        + " order by run_id desc, subaccount_id limit ?";
        List<DifferenceRow> differences = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("int8", runs.toArray()));
            statement.setInt(2, most);
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
                SqlTimes.readNullable(row, "compared_at"));
    }

    private static DifferenceRow difference(ResultSet row) throws SQLException {
        return new DifferenceRow(
                row.getLong("run_id"),
                new SubaccountId(row.getLong("subaccount_id")),
                row.getLong("settlement_sequence"),
                row.getLong("credit_sequence"),
                new Usd(row.getLong("ledger_micros")),
                new Usd(row.getLong("risk_micros")),
                row.getObject("first_transaction", Long.class),
                row.getLong("first_sequence"),
                SqlTimes.read(row, "found_at"));
    }
}
