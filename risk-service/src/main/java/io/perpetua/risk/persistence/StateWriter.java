package io.perpetua.risk.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.risk.domain.engine.Changes;
import io.perpetua.risk.domain.engine.MarketTotal;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.Position;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * Writes what changed in the engines of one worker: at most one statement a table and kind of
 * change, however many engines and rows.
 */
public final class StateWriter {
    private final Rows accounts =
            new Rows(
                    """
                    insert into accounts (subaccount_id, user_id, shard_id, collateral_micros,
                        credit_sequence, settlement_sequence)
                    select * from unnest(?::bigint[], ?::bigint[], ?::smallint[], ?::bigint[],
                        ?::bigint[], ?::bigint[])
                    on conflict (subaccount_id) do update set
                        collateral_micros = excluded.collateral_micros,
                        credit_sequence = excluded.credit_sequence,
                        settlement_sequence = excluded.settlement_sequence
                    """,
                    "bigint",
                    "bigint",
                    "smallint",
                    "bigint",
                    "bigint",
                    "bigint");
    private final Rows positions =
            new Rows(
                    """
                    insert into positions (subaccount_id, market_id, opened_by_trade_id, user_id,
                        shard_id, size_e8, cost_micros, entry_e8, is_long, largest_size_e8,
                        realised_micros, fees_micros, opened_at_millis, closed_at_millis)
                    select * from unnest(?::bigint[], ?::integer[], ?::bigint[], ?::bigint[],
                        ?::smallint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[],
                        ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                    on conflict (subaccount_id, market_id, opened_by_trade_id) do update set
                        size_e8 = excluded.size_e8,
                        cost_micros = excluded.cost_micros,
                        entry_e8 = excluded.entry_e8,
                        largest_size_e8 = excluded.largest_size_e8,
                        realised_micros = excluded.realised_micros,
                        fees_micros = excluded.fees_micros,
                        closed_at_millis = excluded.closed_at_millis
                    """,
                    "bigint",
                    "integer",
                    "bigint",
                    "bigint",
                    "smallint",
                    "bigint",
                    "bigint",
                    "bigint",
                    "boolean",
                    "bigint",
                    "bigint",
                    "bigint",
                    "bigint",
                    "bigint");
    private final Rows leverages =
            new Rows(
                    """
                    insert into leverages (subaccount_id, market_id, user_id, shard_id, leverage)
                    select * from unnest(?::bigint[], ?::integer[], ?::bigint[], ?::smallint[],
                        ?::integer[])
                    on conflict (subaccount_id, market_id) do update set
                        leverage = excluded.leverage
                    """,
                    "bigint",
                    "integer",
                    "bigint",
                    "smallint",
                    "integer");
    private static final String INSERT_ORDERS =
            """
            insert into open_orders (order_id, subaccount_id, market_id, user_id, shard_id,
                is_buy, limit_e8, size_e8, filled_e8, remaining_e8, reduce_only, post_only,
                worst_fee_nanos)
            select * from unnest(?::bigint[], ?::bigint[], ?::integer[], ?::bigint[],
                ?::smallint[], ?::boolean[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::bigint[], ?::boolean[], ?::boolean[], ?::bigint[])
            """;
    private static final String UPDATE_ORDERS =
            """
            on conflict (order_id) do update set
                limit_e8 = excluded.limit_e8,
                size_e8 = excluded.size_e8,
                filled_e8 = excluded.filled_e8,
                remaining_e8 = excluded.remaining_e8
            """;

    /** Most orders: without a look for a row that can't be there. */
    private final Rows newOrders = orderRows(INSERT_ORDERS);

    private final Rows orders = orderRows(INSERT_ORDERS + UPDATE_ORDERS);
    private final Rows endedOrders =
            new Rows("delete from open_orders where order_id = any(?::bigint[])", "bigint");
    private final Rows endedAmendments =
            new Rows("delete from open_amendments where order_id = any(?::bigint[])", "bigint");
    private final Rows amendments =
            new Rows(
                    """
                    insert into open_amendments (order_id, command_id, place, user_id, shard_id,
                        limit_e8, size_e8)
                    select * from unnest(?::bigint[], ?::bigint[], ?::integer[], ?::bigint[],
                        ?::smallint[], ?::bigint[], ?::bigint[])
                    """,
                    "bigint",
                    "bigint",
                    "integer",
                    "bigint",
                    "smallint",
                    "bigint",
                    "bigint");
    private final Rows requests =
            new Rows(
                    """
                    insert into requests (subaccount_id, client_order_id, user_id, content_hash,
                        order_id)
                    select * from unnest(?::bigint[], ?::text[], ?::bigint[], ?::bigint[],
                        ?::bigint[])
                    """,
                    "bigint",
                    "text",
                    "bigint",
                    "bigint",
                    "bigint");
    private final Rows settlements =
            new Rows(
                    """
                    insert into settlements (subaccount_id, sequence, user_id, market_id,
                        first_trade_id, last_trade_id, fills, notional_micros, realised_micros,
                        fee_micros, at_millis)
                    select * from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::integer[],
                        ?::bigint[], ?::bigint[], ?::integer[], ?::bigint[], ?::bigint[],
                        ?::bigint[], ?::bigint[])
                    """,
                    "bigint",
                    "bigint",
                    "bigint",
                    "integer",
                    "bigint",
                    "bigint",
                    "integer",
                    "bigint",
                    "bigint",
                    "bigint",
                    "bigint");
    private final Rows definitions =
            new Rows(
                    """
                    insert into market_definitions (shard_id, market_id, version, definition)
                    select s, m, v, d::jsonb
                    from unnest(?::smallint[], ?::integer[], ?::bigint[], ?::text[])
                        as r(s, m, v, d)
                    on conflict (shard_id, market_id) do update set
                        version = excluded.version,
                        definition = excluded.definition
                    """,
                    "smallint",
                    "integer",
                    "bigint",
                    "text");
    private final Rows totals =
            new Rows(
                    """
                    insert into market_totals (shard_id, market_id, fills, volume_e8,
                        realised_micros, fees_micros)
                    select * from unnest(?::smallint[], ?::integer[], ?::bigint[], ?::numeric[],
                        ?::bigint[], ?::bigint[])
                    on conflict (shard_id, market_id) do update set
                        fills = excluded.fills,
                        volume_e8 = excluded.volume_e8,
                        realised_micros = excluded.realised_micros,
                        fees_micros = excluded.fees_micros
                    """,
                    "smallint",
                    "integer",
                    "bigint",
                    "numeric",
                    "bigint",
                    "bigint");

    private static Rows orderRows(String sql) {
        return new Rows(
                sql,
                "bigint",
                "bigint",
                "integer",
                "bigint",
                "smallint",
                "boolean",
                "bigint",
                "bigint",
                "bigint",
                "bigint",
                "boolean",
                "boolean",
                "bigint");
    }

    /** Adds what changed in the engine of shard {@code index}. */
    public void add(int index, RiskEngine engine) {
        short shard = (short) index;
        Changes changes = engine.changes();
        changes.accounts().forEach(account -> add(shard, account));
        changes.positions().forEach(position -> add(shard, position));
        changes.leverages().forEach(ref -> add(shard, ref));
        changes.orders().forEach(ref -> add(shard, ref, changes));
        changes.requests().forEach(this::add);
        changes.settlements().forEach(this::add);
        changes.markets().forEach(market -> add(shard, engine, market));
        changes.totals().forEach(market -> addTotal(shard, engine, market));
    }

    private void add(short shard, Account account) {
        accounts.add(
                account.id().value(),
                account.user().value(),
                shard,
                account.collateral().micros(),
                account.creditSequence(),
                account.settlementSequence());
    }

    private void add(short shard, Position position) {
        positions.add(
                position.subaccount().value(),
                position.market().value(),
                position.openedBy().value(),
                position.user().value(),
                shard,
                position.size().units(),
                position.cost().micros(),
                position.entry().units(),
                position.wasLong(),
                position.largestSize().units(),
                position.realised().micros(),
                position.fees().micros(),
                position.openedAtMillis(),
                position.closedAtMillis());
    }

    private void add(short shard, Changes.LeverageRef ref) {
        leverages.add(
                ref.account().id().value(),
                ref.holding().market().value(),
                ref.account().user().value(),
                shard,
                ref.holding().chosenLeverage());
    }

    private void add(short shard, Changes.OrderRef ref, Changes changes) {
        OpenOrder order = ref.holding().order(ref.order());
        long id = ref.order().value();
        if (changes.amended().contains(ref.order())) {
            endedAmendments.add(id);
        }
        boolean isNew = changes.admitted().contains(ref.order());
        if (order == null) {
            if (!isNew) {
                endedOrders.add(id);
            }
            return;
        }
        (isNew ? newOrders : orders)
                .add(
                        id,
                        ref.account().id().value(),
                        ref.holding().market().value(),
                        ref.account().user().value(),
                        shard,
                        order.buys(),
                        order.version().limit().units(),
                        order.size().units(),
                        order.filled().units(),
                        order.version().remaining().units(),
                        order.reduceOnly(),
                        order.postOnly(),
                        order.worstFee().nanos());
        if (changes.amended().contains(ref.order())) {
            for (int place = 0; place < order.amendments().size(); place++) {
                OpenOrder.Amendment amendment = order.amendments().get(place);
                amendments.add(
                        id,
                        amendment.commandId().value(),
                        place,
                        ref.account().user().value(),
                        shard,
                        amendment.limit().units(),
                        amendment.size().units());
            }
        }
    }

    private void add(Changes.NewRequest added) {
        requests.add(
                added.key().subaccount().value(),
                added.key().clientOrderId(),
                added.user().value(),
                added.request().contentHash(),
                added.request().orderId().value());
    }

    private void add(TradesSettled settled) {
        settlements.add(
                settled.subaccount().value(),
                settled.sequence(),
                settled.user().value(),
                settled.market().value(),
                settled.firstTrade().value(),
                settled.lastTrade().value(),
                settled.fills(),
                settled.notional().micros(),
                settled.realised().micros(),
                settled.fee().micros(),
                settled.atMillis());
    }

    private void add(short shard, RiskEngine engine, MarketId id) {
        MarketRules rules = Objects.requireNonNull(engine.rules(id));
        Market market = rules.definition();
        byte[] json = EventCodec.encode(Market.class, market);
        definitions.add(
                shard, id.value(), market.version(), new String(json, StandardCharsets.UTF_8));
    }

    private void addTotal(short shard, RiskEngine engine, MarketId id) {
        MarketTotal total = engine.totals().getOrDefault(id, MarketTotal.NONE);
        totals.add(
                shard,
                id.value(),
                total.fills(),
                new BigDecimal(total.volume()),
                total.realised().micros(),
                total.fees().micros());
    }

    /** Writes it all. */
    public void execute(Connection transaction) throws SQLException {
        for (Rows rows :
                List.of(
                        accounts,
                        positions,
                        leverages,
                        newOrders,
                        orders,
                        endedOrders,
                        endedAmendments,
                        amendments,
                        requests,
                        settlements,
                        definitions,
                        totals)) {
            rows.execute(transaction);
        }
    }
}
