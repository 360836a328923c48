package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.HousePosting;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Single transactions into the ledger, as HTTP brings them. Locks are taken in the order customer
 * account, house account, which {@link SettlementStore} keeps too.
 */
@ApplicationScoped
public class LedgerStore {
    /** A customer's account after a credit, or another single transaction. */
    public record Credited(long transactions, long creditSequence, Usd balance) {}

    /** Opens an empty account of a subaccount. */
    public void openAccount(
            Connection connection, UserId user, SubaccountId subaccount, Asset asset)
            throws SQLException {
        String sql =
                "insert into customer_account (subaccount_id, asset, user_id, shard)"
                        + " values (?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, asset.code());
            statement.setLong(3, user.value());
            statement.setInt(4, Partitions.of(user));
            statement.executeUpdate();
        }
    }

    /**
     * Adds a credit to the visible user's account and locks it; nothing when the user has no such
     * account.
     */
    public Optional<Credited> credit(
            Connection connection, UserId user, SubaccountId subaccount, LedgerTransaction credit)
            throws SQLException {
        String sql =
                "update customer_account set balance_micros = balance_micros + ?,"
                        + " transactions = transactions + 1, credit_sequence = credit_sequence + 1"
                        + " where subaccount_id = ? and asset = ? and user_id = ?"
                        + " returning transactions, credit_sequence, balance_micros";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, credit.amount().micros());
            statement.setLong(2, subaccount.value());
            statement.setString(3, credit.asset().code());
            statement.setLong(4, user.value());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(
                        new Credited(
                                row.getLong("transactions"),
                                row.getLong("credit_sequence"),
                                new Usd(row.getLong("balance_micros"))));
            }
        }
    }

    /**
     * Makes room for a transaction that leaves the account as it is, and locks the account.
     *
     * @return the transaction's number and the balance
     */
    public Credited append(Connection connection, UserId user, SubaccountId subaccount, Asset asset)
            throws SQLException {
        String sql =
                "update customer_account set transactions = transactions + 1"
                        + " where subaccount_id = ? and asset = ? and user_id = ?"
                        + " returning transactions, credit_sequence, balance_micros";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, asset.code());
            statement.setLong(3, user.value());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("subaccount " + subaccount + " has no account");
                }
                return new Credited(
                        row.getLong("transactions"),
                        row.getLong("credit_sequence"),
                        new Usd(row.getLong("balance_micros")));
            }
        }
    }

    /** Writes the transaction of a credit and its house postings. */
    public void writeCredit(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction,
            Credited credited,
            Instant occurredAt)
            throws SQLException {
        write(
                connection,
                user,
                subaccount,
                transaction,
                credited,
                credited.creditSequence(),
                null,
                null,
                occurredAt);
    }

    /** Writes the transaction of an administrators' credit and its house postings. */
    public void writeAdjustment(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction,
            Credited credited,
            AdjustmentId adjustment,
            Instant occurredAt)
            throws SQLException {
        write(
                connection,
                user,
                subaccount,
                transaction,
                credited,
                credited.creditSequence(),
                null,
                adjustment,
                occurredAt);
    }

    /**
     * Writes a transaction of a withdrawal and its house postings.
     *
     * @param after the account with it
     * @param sourceSequence which of the account's credits or settlements it stands for
     */
    public void writeWithdrawal(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction,
            Credited after,
            long sourceSequence,
            WithdrawalId withdrawal,
            Instant occurredAt)
            throws SQLException {
        write(
                connection,
                user,
                subaccount,
                transaction,
                after,
                sourceSequence,
                withdrawal,
                null,
                occurredAt);
    }

    private static void write(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction,
            Credited after,
            long sourceSequence,
            @Nullable WithdrawalId withdrawal,
            @Nullable AdjustmentId adjustment,
            Instant occurredAt)
            throws SQLException {
        String sql =
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard,"
                        + " kind, amount_micros, balance_after_micros, house_accounts,"
                        + " house_amounts_micros, source_sequence, withdrawal_id, adjustment_id,"
                        + " occurred_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        String[] accounts =
                transaction.house().stream()
                        .map(posting -> posting.account().name())
                        .toArray(String[]::new);
        Long[] amounts =
                transaction.house().stream()
                        .map(posting -> posting.amount().micros())
                        .toArray(Long[]::new);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, transaction.asset().code());
            statement.setLong(3, after.transactions());
            statement.setLong(4, user.value());
            statement.setInt(5, Partitions.of(user));
            statement.setString(6, transaction.kind().name());
            statement.setLong(7, transaction.amount().micros());
            statement.setLong(8, after.balance().micros());
            statement.setArray(9, connection.createArrayOf("text", accounts));
            statement.setArray(10, connection.createArrayOf("int8", amounts));
            statement.setLong(11, sourceSequence);
            statement.setObject(
                    12, withdrawal == null ? null : withdrawal.value(), java.sql.Types.BIGINT);
            statement.setObject(
                    13, adjustment == null ? null : adjustment.value(), java.sql.Types.BIGINT);
            statement.setObject(14, SqlTimes.of(occurredAt));
            statement.executeUpdate();
        }
        for (HousePosting posting : transaction.house()) {
            post(connection, posting, transaction.asset(), Partitions.of(user));
        }
    }

    private static void post(Connection connection, HousePosting posting, Asset asset, int shard)
            throws SQLException {
        String sql =
                "insert into house_account as h (name, asset, shard, balance_micros)"
                        + " values (?, ?, ?, ?) on conflict (name, asset, shard) do update"
                        + " set balance_micros = h.balance_micros + excluded.balance_micros";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, posting.account().name());
            statement.setString(2, asset.code());
            statement.setInt(3, shard);
            statement.setLong(4, posting.amount().micros());
            statement.executeUpdate();
        }
    }
}
