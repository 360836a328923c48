package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.withdrawal.WithdrawalLimit;
import io.perpetua.accounts.domain.withdrawal.WithdrawalRules.Counted;
import io.perpetua.accounts.domain.withdrawal.WithdrawalState;
import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Withdrawals, each under an id that its user chose. A withdrawal is written by the request that
 * makes it, by the settlement shard that has risk's decision, and by whoever calls or hears the
 * custodian; the database lets its state move on and nothing else change.
 */
@ApplicationScoped
public class WithdrawalStore {
    /** A withdrawal as stored; {@code attempts} counts calls of the custodian in its state. */
    public record WithdrawalRow(
            WithdrawalId id,
            UserId user,
            SubaccountId subaccount,
            String asset,
            Usd amount,
            EvmAddress address,
            String clientWithdrawalId,
            WithdrawalState state,
            @Nullable String refusal,
            @Nullable Usd withdrawable,
            @Nullable Long settlementSequence,
            @Nullable String custodyReference,
            @Nullable String returnReason,
            int attempts,
            Instant requestedAt,
            @Nullable Instant cancelRequestedAt,
            @Nullable Instant decidedAt,
            @Nullable Instant sentAt,
            @Nullable Instant finishedAt) {}

    /**
     * A withdrawal that is asked for.
     *
     * @param counted what it counts for against the limits; null of USDC, which counts for itself
     */
    public record NewWithdrawal(
            WithdrawalId id,
            UserId user,
            SubaccountId subaccount,
            String asset,
            Usd amount,
            @Nullable Usd counted,
            EvmAddress address,
            String clientWithdrawalId,
            Instant requestedAt) {}

    /** Stores a request that waits for risk. */
    public WithdrawalRow add(Connection connection, NewWithdrawal asked) throws SQLException {
        return add(connection, asked, WithdrawalState.REQUESTED, null, null, null);
    }

    /**
     * Stores a request that is to be sent.
     *
     * @param sequence which of the account's settlements took the amount
     */
    public WithdrawalRow addReserved(Connection connection, NewWithdrawal asked, long sequence)
            throws SQLException {
        return add(connection, asked, WithdrawalState.RESERVED, null, null, sequence);
    }

    /** Stores a request that asks for more than there is. */
    public WithdrawalRow addRefused(Connection connection, NewWithdrawal asked, Usd withdrawable)
            throws SQLException {
        return add(
                connection,
                asked,
                WithdrawalState.REFUSED,
                WithdrawalRefusal.WITHDRAWABLE_EXCEEDED,
                withdrawable,
                null);
    }

    private static WithdrawalRow add(
            Connection connection,
            NewWithdrawal asked,
            WithdrawalState state,
            @Nullable WithdrawalRefusal refusal,
            @Nullable Usd withdrawable,
            @Nullable Long sequence)
            throws SQLException {
        String sql =
                "insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                        + " amount_micros, counted_micros, address, client_withdrawal_id, state,"
                        + " refusal, withdrawable_micros, settlement_sequence, requested_at,"
                        + " decided_at, next_attempt_at, finished_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning *";
        Usd counted = asked.counted();
        OffsetDateTime now = SqlTimes.of(asked.requestedAt());
        boolean isDecided = state != WithdrawalState.REQUESTED;
        boolean isReserved = state == WithdrawalState.RESERVED;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, asked.id().value());
            statement.setLong(2, asked.user().value());
            statement.setLong(3, asked.subaccount().value());
            statement.setString(4, asked.asset());
            statement.setLong(5, asked.amount().micros());
            statement.setObject(6, counted == null ? null : counted.micros(), Types.BIGINT);
            statement.setString(7, asked.address().hex());
            statement.setString(8, asked.clientWithdrawalId());
            statement.setString(9, state.name());
            statement.setObject(10, refusal == null ? null : refusal.name(), Types.VARCHAR);
            statement.setObject(
                    11, withdrawable == null ? null : withdrawable.micros(), Types.BIGINT);
            statement.setObject(12, sequence, Types.BIGINT);
            statement.setObject(13, now);
            statement.setObject(14, isDecided ? now : null, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(15, isReserved ? now : null, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(
                    16, isDecided && !isReserved ? now : null, Types.TIMESTAMP_WITH_TIMEZONE);
            return first(statement).orElseThrow();
        }
    }

    /** The visible user's withdrawal under the user's own id for it. */
    public Optional<WithdrawalRow> findByClientId(Connection connection, String clientWithdrawalId)
            throws SQLException {
        String sql =
                "select * from withdrawal where user_id = current_user_id()"
                        + " and client_withdrawal_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, clientWithdrawalId);
            return first(statement);
        }
    }

    /** A visible withdrawal. */
    public Optional<WithdrawalRow> find(Connection connection, WithdrawalId id)
            throws SQLException {
        return find(connection, id, "");
    }

    /** A visible withdrawal, held until the transaction ends. */
    public Optional<WithdrawalRow> lock(Connection connection, WithdrawalId id)
            throws SQLException {
        return find(connection, id, " for update");
    }

    private static Optional<WithdrawalRow> find(Connection connection, WithdrawalId id, String tail)
            throws SQLException {
        String sql = "select * from withdrawal where withdrawal_id = ?" + tail;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id.value());
            return first(statement);
        }
    }

    private static Optional<WithdrawalRow> first(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(read(row)) : Optional.empty();
        }
    }

    /** A part of the visible user's withdrawals, newest first. */
    public List<WithdrawalRow> list(Connection connection, PageRequest page) throws SQLException {
        String sql =
                "select * from withdrawal where user_id = current_user_id()"
                        + " and withdrawal_id < ? order by withdrawal_id desc limit ?";
        List<WithdrawalRow> withdrawals = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, page.after() == null ? Long.MAX_VALUE : page.after().id());
            statement.setInt(2, page.rows());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    withdrawals.add(read(rows));
                }
            }
        }
        return withdrawals;
    }

    /** Whose a withdrawal is. */
    public Optional<UserId> holderOf(Connection connection, WithdrawalId id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select withdrawal_holder(?)")) {
            statement.setLong(1, id.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long user = row.getLong(1);
                return row.wasNull() ? Optional.empty() : Optional.of(new UserId(user));
            }
        }
    }

    /** Whether it is known who the visible user is. */
    public KycStatus kycOf(Connection connection, UserId user) throws SQLException {
        String sql = "select kyc_status from app_user where user_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return KycStatus.valueOf(row.getString(1));
            }
        }
    }

    /** Waits for the transactions that count the platform's withdrawals, and holds others up. */
    public void passGate(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select gate from withdrawal_gate for update")) {
            statement.execute();
        }
    }

    /** What counts against a limit of the visible user, or of the platform. */
    public Counted counted(Connection connection, WithdrawalLimit limit, Usd amount, Instant now)
            throws SQLException {
        String sql = "select total_micros, freed_at from withdrawals_counted(?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBoolean(1, limit.ofPlatform());
            statement.setObject(2, SqlTimes.of(now.minus(limit.span())));
            statement.setLong(3, amount.micros());
            statement.setLong(4, limit.most().micros());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Counted(
                        row.getBigDecimal("total_micros"), SqlTimes.readNullable(row, "freed_at"));
            }
        }
    }

    /** Takes risk's consent: from here on they are to be sent. */
    public void reserve(Connection connection, List<WithdrawalReserved> reserved)
            throws SQLException {
        String sql =
                "update withdrawal w set state = 'RESERVED', decided_at = v.at,"
                        + " next_attempt_at = v.at, settlement_sequence = v.sequence"
                        + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
                        + " ?::timestamptz[]) as v (id, subaccount_id, amount, sequence, at)"
                        + " where w.withdrawal_id = v.id and w.state = 'REQUESTED'"
                        + " and w.subaccount_id = v.subaccount_id and w.amount_micros = v.amount";
        if (reserved.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            array(statement, 1, "int8", reserved.stream().map(one -> one.withdrawal().value()));
            array(statement, 2, "int8", reserved.stream().map(one -> one.subaccount().value()));
            array(statement, 3, "int8", reserved.stream().map(one -> one.amount().micros()));
            array(statement, 4, "int8", reserved.stream().map(WithdrawalReserved::sequence));
            array(
                    statement,
                    5,
                    "timestamptz",
                    reserved.stream().map(one -> timestamp(one.atMillis())));
            requireAll(statement.executeUpdate(), reserved.size());
        }
    }

    /** Takes risk's refusals. */
    public void refuse(Connection connection, List<WithdrawalRefused> refused) throws SQLException {
        String sql =
                "update withdrawal w set state = 'REFUSED', decided_at = v.at, finished_at = v.at,"
                        + " refusal = v.refusal, withdrawable_micros = v.withdrawable"
                        + " from unnest(?::bigint[], ?::text[], ?::bigint[], ?::timestamptz[])"
                        + " as v (id, refusal, withdrawable, at)"
                        + " where w.withdrawal_id = v.id and w.state = 'REQUESTED'";
        if (refused.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            array(statement, 1, "int8", refused.stream().map(one -> one.withdrawal().value()));
            array(statement, 2, "text", refused.stream().map(one -> one.refusal().name()));
            array(statement, 3, "int8", refused.stream().map(WithdrawalStore::withdrawableMicros));
            array(
                    statement,
                    4,
                    "timestamptz",
                    refused.stream().map(one -> timestamp(one.atMillis())));
            requireAll(statement.executeUpdate(), refused.size());
        }
    }

    private static @Nullable Long withdrawableMicros(WithdrawalRefused refused) {
        Usd withdrawable = refused.withdrawable();
        return withdrawable == null ? null : withdrawable.micros();
    }

    private static Timestamp timestamp(long millis) {
        return Timestamp.from(Instant.ofEpochMilli(millis));
    }

    private static void array(
            PreparedStatement statement,
            int place,
            String type,
            java.util.stream.Stream<? extends @Nullable Object> values)
            throws SQLException {
        statement.setArray(place, statement.getConnection().createArrayOf(type, values.toArray()));
    }

    private static void requireAll(int updated, int decided) {
        if (updated != decided) {
            throw new IllegalStateException(
                    "%d of %d withdrawals that risk decided don't wait for it"
                            .formatted(decided - updated, decided));
        }
    }

    /**
     * Takes the withdrawal that has waited longest for a call of the custodian; nobody else takes
     * it before {@code until}.
     */
    public Optional<WithdrawalRow> takeDue(Connection connection, Instant now, Instant until)
            throws SQLException {
        String sql =
                "update withdrawal set next_attempt_at = ?, attempts = attempts + 1"
                        + " where withdrawal_id = (select withdrawal_id from withdrawal"
                        + " where next_attempt_at <= ? order by next_attempt_at limit 1"
                        + " for update skip locked) returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(until));
            statement.setObject(2, SqlTimes.of(now));
            return first(statement);
        }
    }

    /** Takes note that its user calls a withdrawal off that was not sent. */
    public WithdrawalRow noteCancel(Connection connection, WithdrawalId id, Instant now)
            throws SQLException {
        String sql =
                "update withdrawal set cancel_requested_at = ? where withdrawal_id = ?"
                        + " and state in ('REQUESTED', 'RESERVED') returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            statement.setLong(2, id.value());
            return first(statement).orElseThrow();
        }
    }

    /** Puts the next call off; without effect on what is in flight no more. */
    public void putOff(Connection connection, WithdrawalId id, Instant until) throws SQLException {
        String sql =
                "update withdrawal set next_attempt_at = ? where withdrawal_id = ?"
                        + " and state in ('RESERVED', 'SENT')";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(until));
            statement.setLong(2, id.value());
            statement.executeUpdate();
        }
    }

    /**
     * Takes note that the custodian has taken it over; without effect when what became of it is
     * known already.
     *
     * @param askAgain how long to wait for its notice before it is asked
     */
    public void sent(
            Connection connection,
            WithdrawalId id,
            String reference,
            Instant now,
            Duration askAgain)
            throws SQLException {
        String sql =
                "update withdrawal set state = 'SENT', sent_at = ?, custody_reference = ?,"
                        + " attempts = 0, next_attempt_at = ?"
                        + " where withdrawal_id = ? and state = 'RESERVED'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            statement.setString(2, reference);
            statement.setObject(3, SqlTimes.of(now.plus(askAgain)));
            statement.setLong(4, id.value());
            statement.executeUpdate();
        }
    }

    /** Ends a withdrawal in flight: confirmed, or returned for a reason. */
    public WithdrawalRow finish(
            Connection connection,
            WithdrawalId id,
            WithdrawalState state,
            @Nullable String reference,
            @Nullable String returnReason,
            Instant now)
            throws SQLException {
        String sql =
                "update withdrawal set state = ?,"
                        + " custody_reference = coalesce(?, custody_reference), return_reason = ?,"
                        + " next_attempt_at = null, finished_at = ?"
                        + " where withdrawal_id = ? and state in ('RESERVED', 'SENT') returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, state.name());
            statement.setObject(2, reference, Types.VARCHAR);
            statement.setObject(3, returnReason, Types.VARCHAR);
            statement.setObject(4, SqlTimes.of(now));
            statement.setLong(5, id.value());
            return first(statement)
                    .orElseThrow(
                            () ->
                                    new IllegalStateException(
                                            "withdrawal " + id + " is not in flight"));
        }
    }

    private static WithdrawalRow read(ResultSet row) throws SQLException {
        Long withdrawable = row.getObject("withdrawable_micros", Long.class);
        return new WithdrawalRow(
                new WithdrawalId(row.getLong("withdrawal_id")),
                new UserId(row.getLong("user_id")),
                new SubaccountId(row.getLong("subaccount_id")),
                row.getString("asset"),
                new Usd(row.getLong("amount_micros")),
                new EvmAddress(row.getString("address")),
                row.getString("client_withdrawal_id"),
                WithdrawalState.valueOf(row.getString("state")),
                row.getString("refusal"),
                withdrawable == null ? null : new Usd(withdrawable),
                row.getObject("settlement_sequence", Long.class),
                row.getString("custody_reference"),
                row.getString("return_reason"),
                row.getInt("attempts"),
                SqlTimes.read(row, "requested_at"),
                SqlTimes.readNullable(row, "cancel_requested_at"),
                SqlTimes.readNullable(row, "decided_at"),
                SqlTimes.readNullable(row, "sent_at"),
                SqlTimes.readNullable(row, "finished_at"));
    }
}
