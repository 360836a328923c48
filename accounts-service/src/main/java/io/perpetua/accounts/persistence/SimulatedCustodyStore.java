package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.WithdrawalId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The simulated custodian's books: what it was told to send, each key once. */
@ApplicationScoped
public class SimulatedCustodyStore {
    /** What becomes of a transfer. */
    public enum Outcome {
        /** The custodian does not take it over. */
        DECLINED,
        /** It arrives. */
        CONFIRMED,
        /** It is taken over and then fails. */
        FAILED
    }

    /** A transfer as booked. */
    public record TransferRow(
            WithdrawalId key,
            String asset,
            Usd amount,
            EvmAddress address,
            Outcome outcome,
            Instant concludesAt) {}

    /** Books a transfer unless its key has been used. @return what stands under the key */
    public TransferRow book(Connection connection, TransferRow transfer, int notices)
            throws SQLException {
        String sql =
                "insert into simulated_custody_transfer (key, asset, amount_micros, address,"
                        + " outcome, concludes_at, notices_left, next_notice_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (key) do nothing";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, transfer.key().value());
            statement.setString(2, transfer.asset());
            statement.setLong(3, transfer.amount().micros());
            statement.setString(4, transfer.address().hex());
            statement.setString(5, transfer.outcome().name());
            statement.setObject(6, SqlTimes.of(transfer.concludesAt()));
            statement.setInt(7, notices);
            statement.setObject(8, SqlTimes.of(transfer.concludesAt()));
            statement.executeUpdate();
        }
        return find(connection, transfer.key()).orElseThrow();
    }

    /** What stands under a key. */
    public Optional<TransferRow> find(Connection connection, WithdrawalId key) throws SQLException {
        String sql = "select * from simulated_custody_transfer where key = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Takes a transfer of which a notice is to be given; nobody else does before {@code until}. */
    public Optional<TransferRow> takeNotice(Connection connection, Instant now, Instant until)
            throws SQLException {
        String sql =
                "update simulated_custody_transfer set next_notice_at = ?"
                        + " where key = (select key from simulated_custody_transfer"
                        + " where notices_left > 0 and next_notice_at <= ?"
                        + " order by next_notice_at limit 1 for update skip locked) returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(until));
            statement.setObject(2, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** A notice has been taken; the next, if any, may be given at once. */
    public void noticeGiven(Connection connection, WithdrawalId key, Instant now)
            throws SQLException {
        String sql =
                "update simulated_custody_transfer"
                        + " set notices_left = notices_left - 1, next_notice_at = ?"
                        + " where key = ? and notices_left > 0";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            statement.setLong(2, key.value());
            statement.executeUpdate();
        }
    }

    private static TransferRow read(ResultSet row) throws SQLException {
        return new TransferRow(
                new WithdrawalId(row.getLong("key")),
                row.getString("asset"),
                new Usd(row.getLong("amount_micros")),
                new EvmAddress(row.getString("address")),
                Outcome.valueOf(row.getString("outcome")),
                SqlTimes.read(row, "concludes_at"));
    }
}
