package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.HousePosting;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.domain.ledger.SettlementPosting;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.TransferSettled;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settlements into the ledger, a batch at a time: one statement for the customers' accounts, one
 * for the house's, one for the transactions. A settlement costs one row, and each account it
 * touches one update a batch.
 */
@ApplicationScoped
public class SettlementStore {
    /** How far an account is settled. */
    public record SettledAccount(
            int shard, SubaccountId subaccount, UserId user, long settlementSequence) {}

    private static final String UPDATE_CUSTOMERS =
            "update customer_account c set balance_micros = c.balance_micros + v.amount,"
                    + " transactions = c.transactions + v.added,"
                    + " settlement_sequence = v.settled"
                    + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])"
                    + " as v (subaccount_id, amount, added, settled)"
                    + " where c.subaccount_id = v.subaccount_id and c.asset = ?"
                    + " and c.settlement_sequence = v.settled - v.added"
                    + " returning c.subaccount_id, c.transactions, c.balance_micros";

    private static final String UPDATE_HOUSE =
            "insert into house_account as h (name, asset, shard, balance_micros)"
                    + " select v.name, ?, v.shard, v.amount"
                    + " from unnest(?::text[], ?::smallint[], ?::bigint[])"
                    + " with ordinality as v (name, shard, amount, place) order by place"
                    + " on conflict (name, asset, shard) do update"
                    + " set balance_micros = h.balance_micros + excluded.balance_micros";

    /** Arrays can't be nested raggedly: the house postings travel flat, two a transaction. */
    private static final String INSERT_TRANSACTIONS =
            "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard, kind,"
                    + " amount_micros, balance_after_micros, house_accounts, house_amounts_micros,"
                    + " source_sequence, market_id, first_trade_id, last_trade_id, transfer_id,"
                    + " counterpart_id, withdrawal_id, adjustment_id, occurred_at)"
                    + " select subaccount_id, ?, number, user_id, shard, kind,"
                    + " amount, balance_after,"
                    + " array_remove(array[account_1, account_2], null),"
                    + " array_remove(array[amount_1, amount_2], null),"
                    + " source_sequence, market_id, first_trade_id, last_trade_id, transfer_id,"
                    + " counterpart_id, withdrawal_id, adjustment_id, occurred_at"
                    + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::smallint[],"
                    + " ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::text[],"
                    + " ?::bigint[], ?::bigint[], ?::integer[], ?::bigint[], ?::bigint[],"
                    + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::timestamptz[])"
                    + " as v (subaccount_id, number, user_id, shard, kind, amount, balance_after,"
                    + " account_1, amount_1, account_2, amount_2, source_sequence, market_id,"
                    + " first_trade_id, last_trade_id, transfer_id, counterpart_id,"
                    + " withdrawal_id, adjustment_id, occurred_at)";

    /** All accounts of the shards that have been settled before. */
    public List<SettledAccount> settled(Connection connection, Collection<Integer> shards)
            throws SQLException {
        String sql =
                "select shard, subaccount_id, user_id, settlement_sequence from customer_account"
                        + " where shard = any(?) and asset = ? and settlement_sequence > 0";
        return accounts(connection, sql, "int2", shards.toArray());
    }

    /** The accounts of these subaccounts, as far as they exist. */
    public List<SettledAccount> accountsOf(
            Connection connection, Collection<SubaccountId> subaccounts) throws SQLException {
        String sql =
                "select shard, subaccount_id, user_id, settlement_sequence from customer_account"
                        + " where subaccount_id = any(?) and asset = ?";
        return accounts(
                connection, sql, "int8", subaccounts.stream().map(SubaccountId::value).toArray());
    }

    private static List<SettledAccount> accounts(
            Connection connection, String sql, String type, Object[] keys) throws SQLException {
        List<SettledAccount> accounts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf(type, keys));
            statement.setString(2, Asset.USDC.code());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    accounts.add(
                            new SettledAccount(
                                    rows.getInt("shard"),
                                    new SubaccountId(rows.getLong("subaccount_id")),
                                    new UserId(rows.getLong("user_id")),
                                    rows.getLong("settlement_sequence")));
                }
            }
        }
        return accounts;
    }

    /**
     * Writes settlements, which stand in the order of each account's sequence.
     *
     * @throws IllegalStateException when an account was not settled up to the first of them
     */
    public void write(Connection connection, List<SettlementPosting> postings) throws SQLException {
        if (postings.isEmpty()) {
            return;
        }
        Map<Long, Movement> customers = new LinkedHashMap<>();
        for (SettlementPosting posting : postings) {
            customers
                    .computeIfAbsent(
                            posting.settlement().subaccount().value(), id -> new Movement())
                    .add(posting);
        }
        updateCustomers(connection, customers);
        updateHouse(connection, postings);
        insertTransactions(connection, postings, customers);
    }

    private static void updateCustomers(Connection connection, Map<Long, Movement> customers)
            throws SQLException {
        Columns columns = new Columns(4);
        customers.forEach(
                (subaccount, movement) ->
                        columns.add(subaccount, movement.amount, movement.added, movement.settled));
        int updated = 0;
        try (PreparedStatement statement = connection.prepareStatement(UPDATE_CUSTOMERS)) {
            for (int i = 0; i < 4; i++) {
                statement.setArray(i + 1, columns.array(connection, i, "int8"));
            }
            statement.setString(5, Asset.USDC.code());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Movement movement = customers.get(rows.getLong("subaccount_id"));
                    if (movement == null) {
                        throw new IllegalStateException("an account was updated unasked");
                    }
                    movement.startFrom(
                            rows.getLong("transactions"), rows.getLong("balance_micros"));
                    updated++;
                }
            }
        }
        if (updated != customers.size()) {
            throw new IllegalStateException(
                    "%d of %d accounts are not settled up to where the batch begins"
                            .formatted(customers.size() - updated, customers.size()));
        }
    }

    private static void updateHouse(Connection connection, List<SettlementPosting> postings)
            throws SQLException {
        Map<Integer, TreeMap<String, Long>> sums = new TreeMap<>();
        for (SettlementPosting posting : postings) {
            TreeMap<String, Long> shard =
                    sums.computeIfAbsent(
                            Partitions.of(posting.settlement().user()), index -> new TreeMap<>());
            for (HousePosting house : posting.transaction().house()) {
                shard.merge(house.account().name(), house.amount().micros(), Math::addExact);
            }
        }
        Columns columns = new Columns(3);
        sums.forEach(
                (shard, accounts) ->
                        accounts.forEach((name, amount) -> columns.add(name, shard, amount)));
        if (columns.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(UPDATE_HOUSE)) {
            statement.setString(1, Asset.USDC.code());
            statement.setArray(2, columns.array(connection, 0, "text"));
            statement.setArray(3, columns.array(connection, 1, "int2"));
            statement.setArray(4, columns.array(connection, 2, "int8"));
            statement.executeUpdate();
        }
    }

    private static void insertTransactions(
            Connection connection, List<SettlementPosting> postings, Map<Long, Movement> customers)
            throws SQLException {
        Columns columns = new Columns(20);
        for (SettlementPosting posting : postings) {
            LedgerTransaction transaction = posting.transaction();
            List<HousePosting> house = transaction.house();
            long amount = transaction.amount().micros();
            long subaccount = posting.settlement().subaccount().value();
            Movement movement = customers.get(subaccount);
            if (movement == null || house.size() > 2) {
                throw new IllegalStateException("no row for " + posting);
            }
            movement.step(amount);
            Settlement settlement = posting.settlement();
            Source source = Source.of(settlement);
            columns.add(
                    subaccount,
                    movement.number,
                    settlement.user().value(),
                    Partitions.of(settlement.user()),
                    transaction.kind().name(),
                    amount,
                    movement.balance,
                    house.isEmpty() ? null : house.getFirst().account().name(),
                    house.isEmpty() ? null : house.getFirst().amount().micros(),
                    house.size() < 2 ? null : house.get(1).account().name(),
                    house.size() < 2 ? null : house.get(1).amount().micros(),
                    settlement.sequence(),
                    source.market,
                    source.firstTrade,
                    source.lastTrade,
                    source.transfer,
                    source.counterpart,
                    source.withdrawal,
                    source.adjustment,
                    Timestamp.from(Instant.ofEpochMilli(source.atMillis)));
        }
        String[] types = {
            "int8",
            "int8",
            "int8",
            "int2",
            "text",
            "int8",
            "int8",
            "text",
            "int8",
            "text",
            "int8",
            "int8",
            "int4",
            "int8",
            "int8",
            "int8",
            "int8",
            "int8",
            "int8",
            "timestamptz"
        };
        try (PreparedStatement statement = connection.prepareStatement(INSERT_TRANSACTIONS)) {
            statement.setString(1, Asset.USDC.code());
            for (int i = 0; i < types.length; i++) {
                statement.setArray(i + 2, columns.array(connection, i, types[i]));
            }
            statement.executeUpdate();
        }
    }

    /** What a transaction's row says of where it comes from. */
    private record Source(
            @Nullable Integer market,
            @Nullable Long firstTrade,
            @Nullable Long lastTrade,
            @Nullable Long transfer,
            @Nullable Long counterpart,
            @Nullable Long withdrawal,
            @Nullable Long adjustment,
            long atMillis) {
        static Source of(Settlement settlement) {
            return switch (settlement) {
                case TradesSettled trades ->
                        new Source(
                                trades.market().value(),
                                trades.firstTrade().value(),
                                trades.lastTrade().value(),
                                null,
                                null,
                                null,
                                null,
                                trades.atMillis());
                case TransferSettled transfer ->
                        new Source(
                                null,
                                null,
                                null,
                                transfer.transfer().value(),
                                transfer.counterpart().value(),
                                null,
                                null,
                                transfer.atMillis());
                case WithdrawalReserved withdrawal ->
                        new Source(
                                null,
                                null,
                                null,
                                null,
                                null,
                                withdrawal.withdrawal().value(),
                                null,
                                withdrawal.atMillis());
                case DebitTaken debit ->
                        new Source(
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                debit.adjustment().value(),
                                debit.atMillis());
                case WithdrawalRefused refused -> throw movesNothing(refused);
                case DebitRefused refused -> throw movesNothing(refused);
                case CollateralReported report -> throw movesNothing(report);
                case UserFrozen frozen -> throw movesNothing(frozen);
                case UserClosingRefused refused -> throw movesNothing(refused);
            };
        }
    }

    private static IllegalStateException movesNothing(Settlement settlement) {
        return new IllegalStateException("no transaction is of " + settlement);
    }

    /** What a batch does to one account, and then the running number and balance of its rows. */
    private static final class Movement {
        private long amount;
        private long added;
        private long settled;
        private long number;
        private long balance;

        void add(SettlementPosting posting) {
            amount = Math.addExact(amount, posting.transaction().amount().micros());
            added++;
            settled = posting.settlement().sequence();
        }

        void startFrom(long transactionsAfter, long balanceAfter) {
            number = transactionsAfter - added;
            balance = balanceAfter - amount;
        }

        void step(long amountOfRow) {
            number++;
            balance = Math.addExact(balance, amountOfRow);
        }
    }

    /** Rows turned into one array a column. */
    private static final class Columns {
        private final List<List<@Nullable Object>> values = new ArrayList<>();

        Columns(int count) {
            for (int i = 0; i < count; i++) {
                values.add(new ArrayList<>());
            }
        }

        void add(@Nullable Object... row) {
            for (int i = 0; i < row.length; i++) {
                values.get(i).add(row[i]);
            }
        }

        boolean isEmpty() {
            return values.getFirst().isEmpty();
        }

        Array array(Connection connection, int column, String type) throws SQLException {
            return connection.createArrayOf(type, values.get(column).toArray());
        }
    }
}
