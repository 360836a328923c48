package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.AssetTransferId;
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
import java.sql.Types;
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

    /** A customer's account after what was decided here, and which such thing in it that was. */
    public record Moved(Credited account, long sequence) {}

    /** What a transaction comes from: its number there, and what it is of. */
    private record Cause(
            long sequence,
            @Nullable WithdrawalId withdrawal,
            @Nullable AdjustmentId adjustment,
            @Nullable AssetTransferId transfer,
            @Nullable SubaccountId counterpart) {
        static Cause number(long sequence) {
            return new Cause(sequence, null, null, null, null);
        }
    }

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
     * Opens an empty account of the visible user's subaccount, unless it is there or not theirs.
     */
    public void openFurtherAccount(
            Connection connection, UserId user, SubaccountId subaccount, Asset asset)
            throws SQLException {
        String sql =
                "insert into customer_account (subaccount_id, asset, user_id, shard)"
                        + " select subaccount_id, ?, user_id, ? from subaccount"
                        + " where subaccount_id = ? and user_id = ? on conflict do nothing";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, asset.code());
            statement.setInt(2, Partitions.of(user));
            statement.setLong(3, subaccount.value());
            statement.setLong(4, user.value());
            statement.executeUpdate();
        }
    }

    /**
     * Adds to the visible user's account, or takes from it, what is decided here and not by risk,
     * and locks it: the account's next settlement.
     *
     * @return nothing when the user has no such account, or less than is to be taken
     */
    public Optional<Moved> move(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction)
            throws SQLException {
        if (transaction.asset().isCollateral()) {
            throw new IllegalArgumentException("risk decides on collateral");
        }
        String sql =
                "update customer_account set balance_micros = balance_micros + ?,"
                        + " transactions = transactions + 1,"
                        + " settlement_sequence = settlement_sequence + 1"
                        + " where subaccount_id = ? and asset = ? and user_id = ?"
                        + " and balance_micros + ? >= 0"
                        + " returning transactions, credit_sequence, balance_micros,"
                        + " settlement_sequence";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, transaction.amount().micros());
            statement.setLong(2, subaccount.value());
            statement.setString(3, transaction.asset().code());
            statement.setLong(4, user.value());
            statement.setLong(5, transaction.amount().micros());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Moved(read(row), row.getLong("settlement_sequence")))
                        : Optional.empty();
            }
        }
    }

    private static Credited read(ResultSet row) throws SQLException {
        return new Credited(
                row.getLong("transactions"),
                row.getLong("credit_sequence"),
                new Usd(row.getLong("balance_micros")));
    }

    /** What the visible user's account holds; zero where there is none. */
    public Usd balance(Connection connection, SubaccountId subaccount, Asset asset)
            throws SQLException {
        String sql =
                "select balance_micros from customer_account where subaccount_id = ? and asset = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            statement.setString(2, asset.code());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Usd(row.getLong(1)) : Usd.ZERO;
            }
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
                return row.next() ? Optional.of(read(row)) : Optional.empty();
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
                return read(row);
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
                Cause.number(credited.creditSequence()),
                occurredAt);
    }

    /**
     * Writes the transaction of an administrators' adjustment and its house postings.
     *
     * @param after the account with it
     * @param sourceSequence which of the account's credits or settlements it stands for
     */
    public void writeAdjustment(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction,
            Credited after,
            long sourceSequence,
            AdjustmentId adjustment,
            Instant occurredAt)
            throws SQLException {
        write(
                connection,
                user,
                subaccount,
                transaction,
                after,
                new Cause(sourceSequence, null, adjustment, null, null),
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
                new Cause(sourceSequence, withdrawal, null, null, null),
                occurredAt);
    }

    /** Writes one side of a transfer and its house postings. */
    public void writeTransfer(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction,
            Moved after,
            AssetTransferId transfer,
            SubaccountId counterpart,
            Instant occurredAt)
            throws SQLException {
        write(
                connection,
                user,
                subaccount,
                transaction,
                after.account(),
                new Cause(after.sequence(), null, null, transfer, counterpart),
                occurredAt);
    }

    private static void write(
            Connection connection,
            UserId user,
            SubaccountId subaccount,
            LedgerTransaction transaction,
            Credited after,
            Cause cause,
            Instant occurredAt)
            throws SQLException {
        String sql =
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard,"
                        + " kind, amount_micros, balance_after_micros, house_accounts,"
                        + " house_amounts_micros, source_sequence, withdrawal_id, adjustment_id,"
                        + " transfer_id, counterpart_id, occurred_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
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
            WithdrawalId withdrawal = cause.withdrawal();
            AdjustmentId adjustment = cause.adjustment();
            AssetTransferId transfer = cause.transfer();
            SubaccountId counterpart = cause.counterpart();
            statement.setLong(11, cause.sequence());
            statement.setObject(12, withdrawal == null ? null : withdrawal.value(), Types.BIGINT);
            statement.setObject(13, adjustment == null ? null : adjustment.value(), Types.BIGINT);
            statement.setObject(14, transfer == null ? null : transfer.value(), Types.BIGINT);
            statement.setObject(15, counterpart == null ? null : counterpart.value(), Types.BIGINT);
            statement.setObject(16, SqlTimes.of(occurredAt));
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
