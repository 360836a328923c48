package io.perpetua.risk.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.TransferSettled;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.RowArray;
import io.perpetua.eventlog.Writes;
import io.perpetua.risk.domain.engine.Changes;
import io.perpetua.risk.domain.engine.MarketTotal;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.Position;
import io.perpetua.risk.domain.nonce.UsedNonce;
import io.perpetua.risk.domain.user.UserStanding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes what changed in the engines of one worker: at most one statement a table and kind of
 * change, however many engines and rows.
 */
public final class StateWriter {
    private final RowArray accounts =
            new RowArray(
                    """
                    insert into accounts (subaccount_id, user_id, shard_id, collateral_micros,
                        credit_sequence, settlement_sequence)
                    select * from unnest(?)
                    on conflict (subaccount_id) do update set
                        collateral_micros = excluded.collateral_micros,
                        credit_sequence = excluded.credit_sequence,
                        settlement_sequence = excluded.settlement_sequence
                    """,
                    "account_row",
                    6);
    private final RowArray standings =
            new RowArray(
                    """
                    insert into user_standings (user_id, shard_id, suspended, presence)
                    select * from unnest(?)
                    on conflict (user_id) do update set
                        suspended = excluded.suspended,
                        presence = excluded.presence
                    """,
                    "user_standing_row",
                    4);
    private final RowArray positions =
            new RowArray(
                    """
                    insert into positions (subaccount_id, market_id, opened_by_trade_id, user_id,
                        shard_id, size_e8, cost_micros, entry_e8, is_long, largest_size_e8,
                        realised_micros, fees_micros, opened_at_millis, closed_at_millis)
                    select * from unnest(?)
                    on conflict (subaccount_id, market_id, opened_by_trade_id) do update set
                        size_e8 = excluded.size_e8,
                        cost_micros = excluded.cost_micros,
                        entry_e8 = excluded.entry_e8,
                        largest_size_e8 = excluded.largest_size_e8,
                        realised_micros = excluded.realised_micros,
                        fees_micros = excluded.fees_micros,
                        closed_at_millis = excluded.closed_at_millis
                    """,
                    "position_row",
                    14);
    private final RowArray leverages =
            new RowArray(
                    """
                    insert into leverages (subaccount_id, market_id, user_id, shard_id, leverage)
                    select * from unnest(?)
                    on conflict (subaccount_id, market_id) do update set
                        leverage = excluded.leverage
                    """,
                    "leverage_row",
                    5);
    private static final String INSERT_ORDERS =
            """
            insert into open_orders (order_id, subaccount_id, market_id, user_id, shard_id,
                is_buy, limit_e8, size_e8, filled_e8, remaining_e8, reduce_only, post_only,
                worst_fee_nanos)
            select * from unnest(?)
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
    private final RowArray newOrders = orderRows(INSERT_ORDERS);

    private final RowArray orders = orderRows(INSERT_ORDERS + UPDATE_ORDERS);
    private final List<Long> endedOrders = new ArrayList<>();
    private final List<Long> endedAmendments = new ArrayList<>();
    private final RowArray amendments =
            new RowArray(
                    """
                    insert into open_amendments (order_id, command_id, place, user_id, shard_id,
                        limit_e8, size_e8)
                    select * from unnest(?)
                    """,
                    "amendment_row",
                    7);
    private final RowArray requests =
            new RowArray(
                    """
                    insert into requests (subaccount_id, client_order_id, user_id, content_hash,
                        order_id)
                    select * from unnest(?)
                    """,
                    "request_row",
                    5);
    private final RowArray nonces =
            new RowArray(
                    """
                    insert into nonces (signer, nonce, market_id, user_id, shard_id, content_hash,
                        command_id, answer)
                    select signer, nonce, market_id, user_id, shard_id, content_hash, command_id,
                        answer::jsonb
                    from unnest(?)
                    """,
                    "nonce_row",
                    8);

    /** After those that were taken: one of them may be forgotten again already. */
    private final RowArray forgottenNonces =
            new RowArray(
                    """
                    delete from nonces n using unnest(?) as f
                    where n.signer = f.signer and n.nonce = f.nonce
                    """,
                    "nonce_key_row",
                    2);

    private final RowArray settlements =
            new RowArray(
                    """
                    insert into settlements (subaccount_id, sequence, user_id, market_id,
                        first_trade_id, last_trade_id, fills, notional_micros, realised_micros,
                        fee_micros, at_millis)
                    select * from unnest(?)
                    """,
                    "settlement_row",
                    11);
    private final RowArray transfers =
            new RowArray(
                    """
                    insert into settlements (subaccount_id, sequence, user_id, transfer_id,
                        counterpart_id, transfer_micros, at_millis)
                    select * from unnest(?)
                    """,
                    "transfer_row",
                    7);
    private final RowArray withdrawals =
            new RowArray(
                    """
                    insert into settlements (subaccount_id, sequence, user_id, withdrawal_id,
                        withdrawal_micros, at_millis)
                    select * from unnest(?)
                    """,
                    "withdrawal_row",
                    6);
    private final RowArray debits =
            new RowArray(
                    """
                    insert into settlements (subaccount_id, sequence, user_id, adjustment_id,
                        adjustment_micros, at_millis)
                    select * from unnest(?)
                    """,
                    "debit_row",
                    6);
    private final RowArray definitions =
            new RowArray(
                    """
                    insert into market_definitions (shard_id, market_id, version, definition)
                    select s, m, v, d::jsonb
                    from unnest(?)
                        as r(s, m, v, d)
                    on conflict (shard_id, market_id) do update set
                        version = excluded.version,
                        definition = excluded.definition
                    """,
                    "market_definition_row",
                    4);
    private final RowArray totals =
            new RowArray(
                    """
                    insert into market_totals (shard_id, market_id, fills, volume_e8,
                        realised_micros, fees_micros)
                    select shard_id, market_id, fills, volume_e8::numeric, realised_micros, fees_micros
                    from unnest(?)
                    on conflict (shard_id, market_id) do update set
                        fills = excluded.fills,
                        volume_e8 = excluded.volume_e8,
                        realised_micros = excluded.realised_micros,
                        fees_micros = excluded.fees_micros
                    """,
                    "market_total_row",
                    6);

    private static RowArray orderRows(String sql) {
        return new RowArray(sql, "open_order_row", 13);
    }

    /** Adds what changed in the engine of shard {@code index}. */
    public void add(int index, RiskEngine engine) {
        short shard = (short) index;
        Changes changes = engine.changes();
        changes.accounts().forEach(account -> add(shard, account));
        changes.users().forEach(user -> add(shard, user, engine.standing(user)));
        changes.positions().forEach(position -> add(shard, position));
        changes.leverages().forEach(ref -> add(shard, ref));
        changes.orders().forEach(ref -> add(shard, ref, changes));
        changes.requests().forEach(this::add);
        changes.nonces().forEach(used -> add(shard, used));
        changes.forgottenNonces()
                .forEach(key -> forgottenNonces.row().text(key.signer()).bigint(key.nonce()));
        changes.settlements().forEach(this::add);
        changes.markets().forEach(market -> add(shard, engine, market));
        changes.totals().forEach(market -> addTotal(shard, engine, market));
    }

    private void add(short shard, Account account) {
        accounts.row()
                .bigint(account.id().value())
                .bigint(account.user().value())
                .smallint(shard)
                .bigint(account.collateral().micros())
                .bigint(account.creditSequence())
                .bigint(account.settlementSequence());
    }

    private void add(short shard, UserId user, UserStanding standing) {
        standings
                .row()
                .bigint(user.value())
                .smallint(shard)
                .bool(standing.suspended())
                .text(standing.presence().name());
    }

    private void add(short shard, Position position) {
        positions
                .row()
                .bigint(position.subaccount().value())
                .integer(position.market().value())
                .bigint(position.openedBy().value())
                .bigint(position.user().value())
                .smallint(shard)
                .bigint(position.size().units())
                .bigint(position.cost().micros())
                .bigint(position.entry().units())
                .bool(position.wasLong())
                .bigint(position.largestSize().units())
                .bigint(position.realised().micros())
                .bigint(position.fees().micros())
                .bigint(position.openedAtMillis())
                .bigint(position.closedAtMillis());
    }

    private void add(short shard, Changes.LeverageRef ref) {
        leverages
                .row()
                .bigint(ref.account().id().value())
                .integer(ref.holding().market().value())
                .bigint(ref.account().user().value())
                .smallint(shard)
                .integer(ref.holding().chosenLeverage());
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
                .row()
                .bigint(id)
                .bigint(ref.account().id().value())
                .integer(ref.holding().market().value())
                .bigint(ref.account().user().value())
                .smallint(shard)
                .bool(order.buys())
                .bigint(order.version().limit().units())
                .bigint(order.size().units())
                .bigint(order.filled().units())
                .bigint(order.version().remaining().units())
                .bool(order.reduceOnly())
                .bool(order.postOnly())
                .bigint(order.worstFee().nanos());
        if (changes.amended().contains(ref.order())) {
            for (int place = 0; place < order.amendments().size(); place++) {
                OpenOrder.Amendment amendment = order.amendments().get(place);
                amendments
                        .row()
                        .bigint(id)
                        .bigint(amendment.commandId().value())
                        .integer(place)
                        .bigint(ref.account().user().value())
                        .smallint(shard)
                        .bigint(amendment.limit().units())
                        .bigint(amendment.size().units());
            }
        }
    }

    private void add(Changes.NewRequest added) {
        requests.row()
                .bigint(added.key().subaccount().value())
                .text(added.key().clientOrderId())
                .bigint(added.user().value())
                .bigint(added.request().contentHash())
                .bigint(added.request().orderId().value());
    }

    private void add(short shard, UsedNonce used) {
        PositionEvent answer = used.answer();
        nonces.row()
                .text(used.nonce().agent())
                .bigint(used.nonce().value())
                .integer(used.market())
                .bigint(used.user().value())
                .smallint(shard)
                .bigint(used.nonce().contentHash())
                .bigint(used.command().value())
                .text(
                        answer == null
                                ? null
                                : new String(
                                        EventCodec.encode(PositionEvent.class, answer),
                                        StandardCharsets.UTF_8));
    }

    private void add(Settlement settlement) {
        switch (settlement) {
            case TradesSettled trades -> add(trades);
            case TransferSettled transfer -> add(transfer);
            case WithdrawalReserved withdrawal -> add(withdrawal);
            case DebitTaken debit -> add(debit);
            case WithdrawalRefused refused -> throw movesNothing(refused);
            case DebitRefused refused -> throw movesNothing(refused);
            case CollateralReported report -> throw movesNothing(report);
            case UserFrozen frozen -> throw movesNothing(frozen);
            case UserClosingRefused refused -> throw movesNothing(refused);
        }
    }

    private static IllegalStateException movesNothing(Settlement settlement) {
        return new IllegalStateException("nothing moved, so nothing is stored: " + settlement);
    }

    private void add(WithdrawalReserved reserved) {
        withdrawals
                .row()
                .bigint(reserved.subaccount().value())
                .bigint(reserved.sequence())
                .bigint(reserved.user().value())
                .bigint(reserved.withdrawal().value())
                .bigint(reserved.amount().negated().micros())
                .bigint(reserved.atMillis());
    }

    private void add(DebitTaken taken) {
        debits.row()
                .bigint(taken.subaccount().value())
                .bigint(taken.sequence())
                .bigint(taken.user().value())
                .bigint(taken.adjustment().value())
                .bigint(taken.amount().negated().micros())
                .bigint(taken.atMillis());
    }

    private void add(TransferSettled settled) {
        transfers
                .row()
                .bigint(settled.subaccount().value())
                .bigint(settled.sequence())
                .bigint(settled.user().value())
                .bigint(settled.transfer().value())
                .bigint(settled.counterpart().value())
                .bigint(settled.amount().micros())
                .bigint(settled.atMillis());
    }

    private void add(TradesSettled settled) {
        settlements
                .row()
                .bigint(settled.subaccount().value())
                .bigint(settled.sequence())
                .bigint(settled.user().value())
                .integer(settled.market().value())
                .bigint(settled.firstTrade().value())
                .bigint(settled.lastTrade().value())
                .integer(settled.fills())
                .bigint(settled.notional().micros())
                .bigint(settled.realised().micros())
                .bigint(settled.fee().micros())
                .bigint(settled.atMillis());
    }

    private void add(short shard, RiskEngine engine, MarketId id) {
        MarketRules rules = Objects.requireNonNull(engine.rules(id));
        Market market = rules.definition();
        byte[] json = EventCodec.encode(Market.class, market);
        definitions
                .row()
                .smallint(shard)
                .integer(id.value())
                .bigint(market.version())
                .text(new String(json, StandardCharsets.UTF_8));
    }

    private void addTotal(short shard, RiskEngine engine, MarketId id) {
        MarketTotal total = engine.totals().getOrDefault(id, MarketTotal.NONE);
        totals.row()
                .smallint(shard)
                .integer(id.value())
                .bigint(total.fills())
                .text(total.volume().toString())
                .bigint(total.realised().micros())
                .bigint(total.fees().micros());
    }

    /** Hands over all of it. */
    public void addTo(Writes writes) {
        add(writes, accounts, standings, positions, leverages, newOrders, orders);
        writes.add("delete from open_orders where order_id = any(?)", endedOrders);
        writes.add("delete from open_amendments where order_id = any(?)", endedAmendments);
        add(writes, amendments, requests, nonces, forgottenNonces);
        add(writes, settlements, transfers, withdrawals, debits, definitions, totals);
    }

    private static void add(Writes writes, RowArray... arrays) {
        for (RowArray rows : arrays) {
            writes.add(rows);
        }
    }
}
