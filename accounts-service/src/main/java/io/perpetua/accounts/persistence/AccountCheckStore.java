package io.perpetua.accounts.persistence;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds accounts of assets other than USDC against their own transactions: these are numbered from
 * 1 without gaps, each leaves the sum up to it, and the last leaves what the account has. It reads
 * so many transactions at a time, and goes on in the middle of an account.
 */
@ApplicationScoped
public class AccountCheckStore {
    private static final long DONE = Long.MAX_VALUE;
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    /**
     * How far a run has come: in an account, up to the transaction {@code number}.
     *
     * @param sumMicros of its transactions up to there
     * @param broken the first of them that is not what it must be
     */
    public record Place(
            long subaccount,
            String asset,
            long number,
            BigDecimal sumMicros,
            @Nullable Long broken) {
        /** Before an account's transactions. */
        public static Place before(long subaccount, String asset) {
            return new Place(subaccount, asset, 0, BigDecimal.ZERO, null);
        }

        Place done() {
            return new Place(subaccount, asset, DONE, BigDecimal.ZERO, null);
        }

        boolean isOf(long otherSubaccount, String otherAsset) {
            return subaccount == otherSubaccount && asset.equals(otherAsset);
        }
    }

    /** A run that has accounts left to check. */
    public record Unchecked(long run, Place place) {}

    /** An account that is not what its transactions make it. */
    public record Contradiction(
            SubaccountId subaccount,
            String asset,
            long settlementSequence,
            long creditSequence,
            Usd balance,
            Usd postings,
            @Nullable Long firstTransaction) {}

    /**
     * What a step showed.
     *
     * @param next where to go on; null when every account is checked
     * @param accounts how many it has come to the end of
     */
    public record Checked(@Nullable Place next, int accounts, List<Contradiction> contradictions) {}

    /** Transactions of an account that are to be read: those after {@code from}, up to here. */
    private record Span(Place from, long upTo) {}

    /** The oldest run that has accounts left to check; others may be at it too. */
    public Optional<Unchecked> unchecked(Connection connection) throws SQLException {
        String sql =
                "select r.run_id, coalesce(c.subaccount_id, 0) as subaccount_id,"
                        + " coalesce(c.asset, '') as asset, coalesce(c.number, 0) as number,"
                        + " coalesce(c.sum_micros, 0) as sum_micros, c.broken"
                        + " from reconciliation_run r left join reconciliation_check c"
                        + " using (run_id) where r.checked_at is null order by run_id limit 1";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(
                            new Unchecked(
                                    row.getLong("run_id"),
                                    new Place(
                                            row.getLong("subaccount_id"),
                                            row.getString("asset"),
                                            row.getLong("number"),
                                            row.getBigDecimal("sum_micros"),
                                            row.getObject("broken", Long.class))))
                    : Optional.empty();
        }
    }

    /** Reads on from a place: so many accounts at most, and so many transactions of theirs. */
    public Checked check(Connection connection, Place from, int mostAccounts, int mostTransactions)
            throws SQLException {
        List<Span> spans = spans(connection, from, mostAccounts, mostTransactions);
        return spans.isEmpty() ? new Checked(null, 0, List.of()) : check(connection, spans);
    }

    private static List<Span> spans(
            Connection connection, Place from, int mostAccounts, int mostTransactions)
            throws SQLException {
        String sql =
                "select subaccount_id, asset, transactions from customer_account"
                        + " where asset <> 'USDC' and (subaccount_id, asset) >= (?, ?)"
                        + " order by subaccount_id, asset limit ?";
        List<Span> spans = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, from.subaccount());
            statement.setString(2, from.asset());
            statement.setInt(3, from.number() == DONE ? mostAccounts + 1 : mostAccounts);
            long left = mostTransactions;
            try (ResultSet rows = statement.executeQuery()) {
                while (left > 0 && rows.next()) {
                    long subaccount = rows.getLong(1);
                    String asset = rows.getString(2);
                    Place place =
                            from.isOf(subaccount, asset) ? from : Place.before(subaccount, asset);
                    if (place.number() != DONE) {
                        long taken = Math.clamp(rows.getLong(3) - place.number(), 0, left);
                        spans.add(new Span(place, place.number() + taken));
                        left -= taken;
                    }
                }
            }
        }
        return spans;
    }

    private static Checked check(Connection connection, List<Span> spans) throws SQLException {
        String sql =
                "select v.place, v.up_to, c.*, v.before + coalesce(l.micros, 0) as total_micros,"
                        + " l.broken, l.is_short,"
                        + " exists (select from ledger_transaction t"
                        + " where t.subaccount_id = c.subaccount_id and t.asset = c.asset"
                        + " and t.number > c.transactions) as goes_on"
                        + " from unnest(?::bigint[], ?::text[], ?::bigint[], ?::bigint[],"
                        + " ?::numeric[]) with ordinality"
                        + " as v (subaccount_id, asset, number, up_to, before, place)"
                        + " join customer_account c using (subaccount_id, asset)"
                        + " cross join lateral ("
                        + "select sum(r.amount_micros) as micros,"
                        + " coalesce(min(v.number + r.nth) filter (where r.number <> v.number + r.nth"
                        + " or r.balance_after_micros <> v.before + r.micros),"
                        + " case when count(*) < v.up_to - v.number"
                        + " then coalesce(max(r.number), v.number) + 1 end) as broken,"
                        + " count(*) < v.up_to - v.number as is_short"
                        + " from (select t.*, row_number() over (order by t.number) as nth,"
                        + " sum(t.amount_micros) over (order by t.number) as micros"
                        + " from ledger_transaction t"
                        + " where t.subaccount_id = v.subaccount_id and t.asset = v.asset"
                        + " and t.number > v.number and t.number <= v.up_to) r) l"
                        + " order by v.place";
        List<Contradiction> contradictions = new ArrayList<>();
        Place last = spans.getFirst().from();
        int accounts = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            array(statement, 1, "int8", spans, span -> span.from().subaccount());
            array(statement, 2, "text", spans, span -> span.from().asset());
            array(statement, 3, "int8", spans, span -> span.from().number());
            array(statement, 4, "int8", spans, Span::upTo);
            array(statement, 5, "numeric", spans, span -> span.from().sumMicros());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    last = after(spans.get(row.getInt("place") - 1).from(), row);
                    boolean isAtItsEnd =
                            row.getBoolean("is_short")
                                    || row.getLong("up_to") >= row.getLong("transactions");
                    if (!isAtItsEnd) {
                        return new Checked(last, accounts, contradictions);
                    }
                    if (contradicts(last, row)) {
                        contradictions.add(contradiction(last, row));
                    }
                    accounts++;
                    last = last.done();
                }
            }
        }
        return new Checked(last, accounts, contradictions);
    }

    private static Place after(Place from, ResultSet row) throws SQLException {
        return new Place(
                from.subaccount(),
                from.asset(),
                row.getLong("up_to"),
                row.getBigDecimal("total_micros"),
                from.broken() == null ? row.getObject("broken", Long.class) : from.broken());
    }

    private static boolean contradicts(Place end, ResultSet row) throws SQLException {
        return end.broken() != null
                || row.getBoolean("goes_on")
                || end.sumMicros().compareTo(row.getBigDecimal("balance_micros")) != 0;
    }

    private static Contradiction contradiction(Place end, ResultSet row) throws SQLException {
        return new Contradiction(
                new SubaccountId(end.subaccount()),
                end.asset(),
                row.getLong("settlement_sequence"),
                row.getLong("credit_sequence"),
                new Usd(row.getLong("balance_micros")),
                new Usd(end.sumMicros().min(LARGEST).max(LARGEST.negate()).longValueExact()),
                end.broken() == null && row.getBoolean("goes_on")
                        ? Long.valueOf(end.number() + 1)
                        : end.broken());
    }

    private static void array(
            PreparedStatement statement,
            int place,
            String type,
            List<Span> spans,
            Function<Span, Object> value)
            throws SQLException {
        statement.setArray(
                place,
                statement.getConnection().createArrayOf(type, spans.stream().map(value).toArray()));
    }

    /** Takes note of a step. @return false when another one did first, whose step it is then */
    public boolean checked(Connection connection, Unchecked before, Checked step, Instant now)
            throws SQLException {
        Place next = step.next();
        return (next == null || moved(connection, before, next))
                && counted(connection, before.run(), step, next == null ? now : null);
    }

    private static boolean moved(Connection connection, Unchecked before, Place next)
            throws SQLException {
        String sql =
                "insert into reconciliation_check as c"
                        + " (run_id, subaccount_id, asset, number, sum_micros, broken)"
                        + " values (?, ?, ?, ?, ?, ?) on conflict (run_id) do update"
                        + " set subaccount_id = excluded.subaccount_id, asset = excluded.asset,"
                        + " number = excluded.number, sum_micros = excluded.sum_micros,"
                        + " broken = excluded.broken"
                        + " where (c.subaccount_id, c.asset, c.number) = (?, ?, ?)";
        Place from = before.place();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, before.run());
            statement.setLong(2, next.subaccount());
            statement.setString(3, next.asset());
            statement.setLong(4, next.number());
            statement.setBigDecimal(5, next.sumMicros());
            statement.setObject(6, next.broken(), Types.BIGINT);
            statement.setLong(7, from.subaccount());
            statement.setString(8, from.asset());
            statement.setLong(9, from.number());
            return statement.executeUpdate() == 1;
        }
    }

    private static boolean counted(
            Connection connection, long run, Checked step, @Nullable Instant doneAt)
            throws SQLException {
        String sql =
                "update reconciliation_run set checked = checked + ?,"
                        + " contradicting = contradicting + ?, checked_at = ?"
                        + " where run_id = ? and checked_at is null";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, step.accounts());
            statement.setInt(2, step.contradictions().size());
            statement.setObject(
                    3, doneAt == null ? null : SqlTimes.of(doneAt), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setLong(4, run);
            return statement.executeUpdate() == 1;
        }
    }

    /** Stores what a run found. */
    public void differ(
            Connection connection, long run, List<Contradiction> contradictions, Instant now)
            throws SQLException {
        String sql =
                "insert into reconciliation_difference (run_id, subaccount_id, asset,"
                        + " settlement_sequence, credit_sequence, ledger_micros, postings_micros,"
                        + " first_transaction, found_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Contradiction one : contradictions) {
                statement.setLong(1, run);
                statement.setLong(2, one.subaccount().value());
                statement.setString(3, one.asset());
                statement.setLong(4, one.settlementSequence());
                statement.setLong(5, one.creditSequence());
                statement.setLong(6, one.balance().micros());
                statement.setLong(7, one.postings().micros());
                statement.setObject(8, one.firstTransaction(), Types.BIGINT);
                statement.setObject(9, SqlTimes.of(now));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
