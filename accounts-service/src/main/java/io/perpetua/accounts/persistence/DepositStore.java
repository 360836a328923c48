package io.perpetua.accounts.persistence;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Deposits, each under a reference that its source uses once. */
@ApplicationScoped
public class DepositStore {
    /** A deposit as stored. */
    public record DepositRow(
            long id,
            SubaccountId subaccount,
            String asset,
            Usd amount,
            String source,
            String reference,
            long transactionNumber,
            long creditSequence,
            Instant creditedAt) {
        /** The same with the id it got. */
        public DepositRow withId(long newId) {
            return new DepositRow(
                    newId,
                    subaccount,
                    asset,
                    amount,
                    source,
                    reference,
                    transactionNumber,
                    creditSequence,
                    creditedAt);
        }
    }

    /** Whose a subaccount is. */
    public record Holder(UserId user, SubaccountId subaccount) {}

    /** Who has the subaccount with this public address. */
    public Optional<Holder> holderOf(Connection connection, String address) throws SQLException {
        String sql = "select user_id, subaccount_id from subaccount_at(?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, address);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(
                        new Holder(
                                new UserId(row.getLong("user_id")),
                                new SubaccountId(row.getLong("subaccount_id"))));
            }
        }
    }

    /** The visible user's deposit under a reference. */
    public Optional<DepositRow> find(Connection connection, String source, String reference)
            throws SQLException {
        String sql = "select * from deposit where source = ? and reference = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, source);
            statement.setString(2, reference);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Stores a deposit. @return its id, or nothing when its reference is in use, by anybody */
    public OptionalLong add(Connection connection, UserId user, DepositRow deposit)
            throws SQLException {
        String sql =
                "insert into deposit (user_id, subaccount_id, asset, amount_micros, source,"
                        + " reference, transaction_number, credit_sequence, credited_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (source, reference) do nothing returning deposit_id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setLong(2, deposit.subaccount().value());
            statement.setString(3, deposit.asset());
            statement.setLong(4, deposit.amount().micros());
            statement.setString(5, deposit.source());
            statement.setString(6, deposit.reference());
            statement.setLong(7, deposit.transactionNumber());
            statement.setLong(8, deposit.creditSequence());
            statement.setObject(9, SqlTimes.of(deposit.creditedAt()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** A part of the visible user's deposits, newest first. */
    public List<DepositRow> list(Connection connection, PageRequest page) throws SQLException {
        String sql =
                "select * from deposit where user_id = current_user_id()"
                        + " and deposit_id < ? order by deposit_id desc limit ?";
        List<DepositRow> deposits = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, page.after() == null ? Long.MAX_VALUE : page.after().id());
            statement.setInt(2, page.rows());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    deposits.add(read(rows));
                }
            }
        }
        return deposits;
    }

    private static DepositRow read(ResultSet row) throws SQLException {
        return new DepositRow(
                row.getLong("deposit_id"),
                new SubaccountId(row.getLong("subaccount_id")),
                row.getString("asset"),
                new Usd(row.getLong("amount_micros")),
                row.getString("source"),
                row.getString("reference"),
                row.getLong("transaction_number"),
                row.getLong("credit_sequence"),
                SqlTimes.read(row, "credited_at"));
    }
}
