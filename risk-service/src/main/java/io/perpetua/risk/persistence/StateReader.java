package io.perpetua.risk.persistence;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.engine.MarketTotal;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.OrderVersion;
import io.perpetua.risk.domain.margin.Position;
import io.perpetua.risk.domain.nonce.UsedNonce;
import io.perpetua.risk.domain.user.UserStanding;
import io.perpetua.risk.domain.user.UserStanding.Presence;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link StateWriter} wrote: whole shards for the loop, one user's accounts for HTTP.
 */
public final class StateReader {
    /**
     * Whole shards may have millions of rows: they are not to lie in memory before they are read.
     */
    private static final int FETCH_SIZE = 10_000;

    private static final String BY_SHARD = "shard_id = any(?::smallint[])";
    private static final String BY_USER = "user_id = ?";

    private final Connection transaction;

    /** Reads within {@code transaction}. */
    public StateReader(Connection transaction) {
        this.transaction = transaction;
    }

    /** Fills engines without content, given by the index of their shard. */
    public void read(Map<Integer, RiskEngine> engines) throws SQLException {
        Object[] shards = engines.keySet().stream().map(Integer::shortValue).toArray();
        Selection selection =
                new Selection(BY_SHARD, transaction.createArrayOf("smallint", shards));
        readStandings(engines, selection);
        for (Account account : accounts(selection).values()) {
            int shard = Partitions.of(account.user());
            engine(engines, shard).restore(account);
        }
        readMarkets(engines, selection);
        readNonces(engines, selection);
        readTotals(engines, selection);
    }

    private static RiskEngine engine(Map<Integer, RiskEngine> engines, int shard) {
        RiskEngine engine = engines.get(shard);
        if (engine == null) {
            throw new IllegalStateException("a row belongs to shard " + shard + ", not asked for");
        }
        return engine;
    }

    private void readStandings(Map<Integer, RiskEngine> engines, Selection selection)
            throws SQLException {
        try (PreparedStatement statement =
                        selection.prepare(
                                "select shard_id, user_id, suspended, presence"
                                        + " from user_standings");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                engine(engines, row.getInt(1))
                        .restore(
                                new UserId(row.getLong(2)),
                                new UserStanding(
                                        row.getBoolean(3), Presence.valueOf(row.getString(4))));
            }
        }
    }

    private void readMarkets(Map<Integer, RiskEngine> engines, Selection selection)
            throws SQLException {
        try (PreparedStatement statement =
                        selection.prepare("select shard_id, definition from market_definitions");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                engine(engines, row.getInt(1)).restore(market(row.getString(2)));
            }
        }
    }

    private void readNonces(Map<Integer, RiskEngine> engines, Selection selection)
            throws SQLException {
        try (PreparedStatement statement =
                        selection.prepare(
                                "select shard_id, user_id, signer, nonce, content_hash, market_id,"
                                        + " command_id, answer from nonces");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                engine(engines, row.getInt(1))
                        .restore(
                                new UsedNonce(
                                        new UserId(row.getLong(2)),
                                        new AgentNonce(
                                                row.getString(3), row.getLong(4), row.getLong(5)),
                                        row.getInt(6),
                                        new OrderId(row.getLong(7)),
                                        answer(row.getString(8))));
            }
        }
    }

    private static @Nullable PositionEvent answer(@Nullable String json) {
        return json == null
                ? null
                : EventCodec.decode(PositionEvent.class, json.getBytes(StandardCharsets.UTF_8));
    }

    private void readTotals(Map<Integer, RiskEngine> engines, Selection selection)
            throws SQLException {
        try (PreparedStatement statement =
                        selection.prepare(
                                "select shard_id, market_id, fills, volume_e8, realised_micros,"
                                        + " fees_micros from market_totals");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                engine(engines, row.getInt(1))
                        .restore(
                                new MarketId(row.getInt(2)),
                                new MarketTotal(
                                        row.getLong(3),
                                        row.getBigDecimal(4).toBigIntegerExact(),
                                        new Usd(row.getLong(5)),
                                        new Usd(row.getLong(6))));
            }
        }
    }

    /** The accounts of {@code user}, by subaccount id, with all they have. */
    public List<Account> accountsOf(UserId user) throws SQLException {
        return List.copyOf(accounts(new Selection(BY_USER, user.value())).values());
    }

    /** The markets as the shard {@code index} has them. */
    public List<Market> marketsOf(int index) throws SQLException {
        List<Market> markets = new ArrayList<>();
        try (PreparedStatement statement =
                        new Selection("shard_id = ?", (short) index)
                                .prepare("select definition from market_definitions");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                markets.add(market(row.getString(1)));
            }
        }
        return markets;
    }

    private static Market market(String json) {
        return EventCodec.decode(Market.class, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Rows by one condition with one parameter. */
    private final class Selection {
        private final String condition;
        private final Object parameter;

        Selection(String condition, Object parameter) {
            this.condition = condition;
            this.parameter = parameter;
        }

        PreparedStatement prepare(String select) throws SQLException {
            return prepare(select, "");
        }

        PreparedStatement prepare(String select, String tail) throws SQLException {
            PreparedStatement statement =
                    transaction.prepareStatement(
                            select
                                    + (select.contains(" where ") ? " and " : " where ")
                                    + condition
                                    + tail);
            statement.setObject(1, parameter);
            statement.setFetchSize(FETCH_SIZE);
            return statement;
        }
    }

    private Map<Long, Account> accounts(Selection selection) throws SQLException {
        Map<Long, Account> accounts = new LinkedHashMap<>();
        try (PreparedStatement statement =
                        selection.prepare(
                                "select subaccount_id, user_id, collateral_micros,"
                                        + " credit_sequence, settlement_sequence from accounts",
                                " order by subaccount_id");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                accounts.put(
                        row.getLong(1),
                        new Account(
                                new UserId(row.getLong(2)),
                                new SubaccountId(row.getLong(1)),
                                new Usd(row.getLong(3)),
                                row.getLong(4),
                                row.getLong(5)));
            }
        }
        readLeverages(accounts, selection);
        readPositions(accounts, selection);
        readOrders(accounts, selection);
        return accounts;
    }

    private static Account account(Map<Long, Account> accounts, long subaccount) {
        Account account = accounts.get(subaccount);
        if (account == null) {
            throw new IllegalStateException("a row belongs to no account: " + subaccount);
        }
        return account;
    }

    private void readLeverages(Map<Long, Account> accounts, Selection selection)
            throws SQLException {
        try (PreparedStatement statement =
                        selection.prepare(
                                "select subaccount_id, market_id, leverage from leverages");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                account(accounts, row.getLong(1))
                        .holdingIn(new MarketId(row.getInt(2)))
                        .chooseLeverage(row.getInt(3));
            }
        }
    }

    private void readPositions(Map<Long, Account> accounts, Selection selection)
            throws SQLException {
        try (PreparedStatement statement =
                        selection.prepare(
                                "select "
                                        + PositionRows.COLUMNS
                                        + " from positions where closed_at_millis is null");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Position position = PositionRows.of(row);
                account(accounts, position.subaccount().value())
                        .holdingIn(position.market())
                        .restore(position);
            }
        }
    }

    private void readOrders(Map<Long, Account> accounts, Selection selection) throws SQLException {
        Map<Long, List<OpenOrder.Amendment>> amendments = amendments(selection);
        try (PreparedStatement statement =
                        selection.prepare(
                                "select order_id, subaccount_id, market_id, is_buy, limit_e8,"
                                        + " size_e8, filled_e8, remaining_e8, reduce_only,"
                                        + " post_only, worst_fee_nanos from open_orders");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                account(accounts, row.getLong(2))
                        .holdingIn(new MarketId(row.getInt(3)))
                        .put(order(row, amendments.get(row.getLong(1))));
            }
        }
    }

    private static OpenOrder order(ResultSet row, @Nullable List<OpenOrder.Amendment> amendments)
            throws SQLException {
        return new OpenOrder(
                new OrderId(row.getLong(1)),
                row.getBoolean(4) ? Side.BUY : Side.SELL,
                new OrderVersion(new Price(row.getLong(5)), new Quantity(row.getLong(8))),
                new Quantity(row.getLong(6)),
                new Quantity(row.getLong(7)),
                row.getBoolean(9),
                row.getBoolean(10),
                new Rate(row.getLong(11)),
                amendments == null ? List.of() : amendments);
    }

    private Map<Long, List<OpenOrder.Amendment>> amendments(Selection selection)
            throws SQLException {
        Map<Long, List<OpenOrder.Amendment>> byOrder = new HashMap<>();
        try (PreparedStatement statement =
                        selection.prepare(
                                "select order_id, command_id, limit_e8, size_e8"
                                        + " from open_amendments",
                                " order by order_id, place");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                byOrder.computeIfAbsent(row.getLong(1), id -> new ArrayList<>())
                        .add(
                                new OpenOrder.Amendment(
                                        new OrderId(row.getLong(2)),
                                        new Price(row.getLong(3)),
                                        new Quantity(row.getLong(4))));
            }
        }
        return byOrder;
    }
}
