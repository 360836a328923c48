package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.CloseReason;
import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.CommandRepeated;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.OrderAmended;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.OrdersCancelled;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CancelAllAdmitted;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.risk.RequestRepeated;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An obvious matching engine, to drive risk with the events a real one would give. */
final class ModelVenue {
    static final class ModelOrder {
        final OrderAdmitted admitted;
        final PlaceOrder command;
        Price limit;
        Quantity size;
        Quantity filled = Quantity.ZERO;
        Quantity remaining;
        Usd quote = Usd.ZERO;
        int version = 1;
        long priority;

        ModelOrder(OrderAdmitted admitted, long priority) {
            this.admitted = admitted;
            this.command = admitted.command();
            this.limit = admitted.limit();
            this.size = command.size();
            this.remaining = size;
            this.priority = priority;
        }

        boolean buys() {
            return command.side() == io.perpetua.contracts.orders.Side.BUY;
        }
    }

    record Held(Quantity size, Usd cost) {}

    record Key(SubaccountId subaccount, MarketId market) {}

    final Deque<Admission> inbox = new ArrayDeque<>();
    final Deque<OrderEvent> outbox = new ArrayDeque<>();
    final Map<OrderId, ModelOrder> resting = new LinkedHashMap<>();
    final Map<Key, Held> positions = new LinkedHashMap<>();
    private long now = 1;
    private long trades;
    private long priorities;

    /** Takes one admission and publishes what follows. */
    void process() {
        now++;
        Admission admission = inbox.removeFirst();
        OrderCommand command = admission.command();
        switch (admission) {
            case OrderAdmitted admitted -> place(admitted);
            case PlacementRefused refused -> outbox.add(rejected(refused));
            case PlacementRepeated repeated -> outbox.add(repeated(command, repeated.original()));
            case RequestRepeated repeated -> outbox.add(repeated(command, repeated.original()));
            case CancelAdmitted cancel -> cancel(command, cancel.orderId());
            case AmendAdmitted amend -> amend(amend);
            case CancelAllAdmitted all -> cancelAll(command);
            case RequestRefused refused -> refuse(command, refused.orderId(), refused.refusal());
        }
    }

    private CommandRepeated repeated(OrderCommand command, OrderId original) {
        return new CommandRepeated(
                command.commandId(),
                command.user(),
                command.subaccount(),
                command.market(),
                original,
                now,
                command.reply());
    }

    private OrderClosed rejected(PlacementRefused refused) {
        PlaceOrder command = refused.command();
        return new OrderClosed(
                command.orderId(),
                command.user(),
                command.subaccount(),
                command.market(),
                command.clientOrderId(),
                OrderStatus.REJECTED,
                refused.refusal(),
                null,
                command.side(),
                command.orderType(),
                command.timeInForce(),
                command.price(),
                command.size(),
                Quantity.ZERO,
                Usd.ZERO,
                now,
                command.reply());
    }

    private void refuse(OrderCommand command, OrderId order, Refusal refusal) {
        outbox.add(
                new CommandRefused(
                        command.commandId(),
                        command.user(),
                        command.subaccount(),
                        command.market(),
                        order,
                        refusal,
                        now,
                        command.reply()));
    }

    private void place(OrderAdmitted admitted) {
        ModelOrder order = new ModelOrder(admitted, ++priorities);
        match(order);
        boolean rests =
                order.remaining.signum() > 0
                        && order.command.timeInForce() == TimeInForce.GTC
                        && !(admitted.reduceOnly() && reducible(order) == 0);
        if (rests) {
            resting.put(order.command.orderId(), order);
            outbox.add(opened(order, order.command.reply()));
        } else {
            close(order, CloseReason.NO_MORE_LIQUIDITY, order.command.reply());
        }
    }

    private void cancel(OrderCommand command, OrderId id) {
        ModelOrder order = resting.get(id);
        if (order == null || !order.command.subaccount().equals(command.subaccount())) {
            refuse(command, id, Refusal.ORDER_UNKNOWN);
            return;
        }
        resting.remove(id);
        close(order, CloseReason.CANCELLED_BY_USER, command.reply());
    }

    private void cancelAll(OrderCommand command) {
        int count = 0;
        for (ModelOrder order : List.copyOf(resting.values())) {
            if (order.command.subaccount().equals(command.subaccount())
                    && order.command.market().equals(command.market())) {
                resting.remove(order.command.orderId());
                close(order, CloseReason.CANCELLED_BY_USER, null);
                count++;
            }
        }
        outbox.add(
                new OrdersCancelled(
                        command.commandId(),
                        command.user(),
                        command.subaccount(),
                        command.market(),
                        count,
                        now,
                        command.reply()));
    }

    private void amend(AmendAdmitted admitted) {
        AmendOrder command = admitted.command();
        ModelOrder order = resting.get(admitted.orderId());
        Quantity size = order == null || command.size() == null ? null : command.size();
        boolean unknown = order == null || !order.command.subaccount().equals(command.subaccount());
        if (unknown || (size != null && size.compareTo(order.filled) <= 0)) {
            refuse(
                    command,
                    admitted.orderId(),
                    unknown ? Refusal.ORDER_UNKNOWN : Refusal.SIZE_BELOW_FILLED);
            return;
        }
        resting.remove(admitted.orderId());
        order.limit = command.price() == null ? order.limit : command.price();
        order.size = size == null ? order.size : size;
        order.remaining = order.size.minus(order.filled);
        order.version++;
        order.priority = ++priorities;
        outbox.add(
                new OrderAmended(
                        order.command.orderId(),
                        order.command.user(),
                        order.command.subaccount(),
                        order.command.market(),
                        order.command.clientOrderId(),
                        order.limit,
                        order.size,
                        order.remaining,
                        order.version,
                        now));
        match(order);
        if (order.remaining.signum() > 0) {
            resting.put(order.command.orderId(), order);
            outbox.add(opened(order, command.reply()));
        } else {
            close(order, CloseReason.NO_MORE_LIQUIDITY, command.reply());
        }
    }

    private void match(ModelOrder taker) {
        while (taker.remaining.signum() > 0) {
            ModelOrder maker = bestAgainst(taker);
            if (maker == null) {
                return;
            }
            long units = Math.min(tradable(taker), tradable(maker));
            if (units == 0) {
                ModelOrder useless = tradable(maker) == 0 ? maker : taker;
                if (useless == taker) {
                    return;
                }
                resting.remove(maker.command.orderId());
                close(maker, CloseReason.REDUCE_ONLY, null);
                continue;
            }
            trade(taker, maker, new Quantity(units));
        }
    }

    private ModelOrder bestAgainst(ModelOrder taker) {
        Comparator<ModelOrder> byPrice = Comparator.comparing(order -> order.limit);
        return resting.values().stream()
                .filter(maker -> maker.command.market().equals(taker.command.market()))
                .filter(maker -> maker.buys() != taker.buys())
                .filter(maker -> !maker.command.user().equals(taker.command.user()))
                .filter(
                        maker ->
                                taker.buys()
                                        ? maker.limit.compareTo(taker.limit) <= 0
                                        : maker.limit.compareTo(taker.limit) >= 0)
                .min(
                        (taker.buys() ? byPrice : byPrice.reversed())
                                .thenComparingLong(order -> order.priority))
                .orElse(null);
    }

    private long tradable(ModelOrder order) {
        return order.admitted.reduceOnly()
                ? Math.min(order.remaining.units(), reducible(order))
                : order.remaining.units();
    }

    private long reducible(ModelOrder order) {
        long size = held(order).size().units();
        return order.buys() ? Math.max(0, -size) : Math.max(0, size);
    }

    private Held held(ModelOrder order) {
        return positions.getOrDefault(
                new Key(order.command.subaccount(), order.command.market()),
                new Held(Quantity.ZERO, Usd.ZERO));
    }

    private void trade(ModelOrder taker, ModelOrder maker, Quantity size) {
        TradeId trade = new TradeId(++trades);
        fill(taker, trade, Liquidity.TAKER, maker.limit, size);
        fill(maker, trade, Liquidity.MAKER, maker.limit, size);
        if (maker.remaining.signum() == 0) {
            resting.remove(maker.command.orderId());
            close(maker, CloseReason.NO_MORE_LIQUIDITY, null);
        }
    }

    private void fill(
            ModelOrder order, TradeId trade, Liquidity liquidity, Price price, Quantity size) {
        Held before = held(order);
        long sign = order.buys() ? 1 : -1;
        long closed =
                before.size().signum() == -sign
                        ? Math.min(size.units(), Math.abs(before.size().units()))
                        : 0;
        Usd released =
                closed == 0
                        ? Usd.ZERO
                        : new Usd(
                                Amounts.multiplyDivide(
                                        before.cost().micros(),
                                        closed,
                                        Math.abs(before.size().units()),
                                        RoundingMode.HALF_EVEN));
        Usd closedWorth = signed(price, closed, sign);
        Usd openedWorth = signed(price, size.units() - closed, sign);
        Usd realised = closed == 0 ? Usd.ZERO : closedWorth.plus(released).negated();
        Held after =
                new Held(
                        before.size().plus(new Quantity(sign * size.units())),
                        before.cost().minus(released).plus(openedWorth));
        positions.put(new Key(order.command.subaccount(), order.command.market()), after);
        order.filled = order.filled.plus(size);
        order.remaining = order.remaining.minus(size);
        Usd notional = Amounts.notional(price, size);
        order.quote = order.quote.plus(notional);
        Rate rate =
                liquidity == Liquidity.TAKER
                        ? order.admitted.takerFee()
                        : order.admitted.makerFee();
        outbox.add(
                new OrderFilled(
                        trade,
                        order.command.orderId(),
                        order.command.user(),
                        order.command.subaccount(),
                        order.command.market(),
                        order.command.clientOrderId(),
                        order.command.side(),
                        liquidity,
                        price,
                        size,
                        notional,
                        Amounts.share(notional, rate, RoundingMode.CEILING),
                        realised,
                        after.size(),
                        after.cost(),
                        order.remaining,
                        now));
    }

    private static Usd signed(Price price, long units, long sign) {
        return Amounts.notional(price, new Quantity(sign * units));
    }

    private OrderOpened opened(ModelOrder order, Reply reply) {
        return new OrderOpened(
                order.command.orderId(),
                order.command.user(),
                order.command.subaccount(),
                order.command.market(),
                order.command.clientOrderId(),
                order.command.side(),
                order.command.orderType(),
                order.command.timeInForce(),
                order.limit,
                order.size,
                order.filled,
                order.quote,
                order.admitted.reduceOnly(),
                order.version,
                now,
                reply);
    }

    private void close(ModelOrder order, CloseReason reason, Reply reply) {
        boolean full = order.remaining.signum() == 0;
        outbox.add(
                new OrderClosed(
                        order.command.orderId(),
                        order.command.user(),
                        order.command.subaccount(),
                        order.command.market(),
                        order.command.clientOrderId(),
                        full ? OrderStatus.FILLED : OrderStatus.CANCELLED,
                        null,
                        full ? null : reason,
                        order.command.side(),
                        order.command.orderType(),
                        order.command.timeInForce(),
                        order.command.price(),
                        order.size,
                        order.filled,
                        order.quote,
                        now,
                        reply));
    }

    /** The resting orders of a subaccount in a market. */
    List<ModelOrder> restingOf(SubaccountId subaccount, MarketId market) {
        List<ModelOrder> found = new ArrayList<>();
        for (ModelOrder order : resting.values()) {
            if (order.command.subaccount().equals(subaccount)
                    && order.command.market().equals(market)) {
                found.add(order);
            }
        }
        return found;
    }
}
