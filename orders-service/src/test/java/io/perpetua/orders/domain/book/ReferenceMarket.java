package io.perpetua.orders.domain.book;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.CloseReason;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.Side;
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
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an active market must make of the commands that were admitted to it, worked out by the slow
 * obvious book: the state of every order, every trade in order, the levels. Knows no time, so
 * orders must not carry one; how a refused cancel or amendment is worded is not told.
 */
public final class ReferenceMarket {
    /**
     * An order as it must stand; {@code reason} why it was rejected or cancelled, {@code price} the
     * limit, null of a market order.
     */
    public record Order(
            long id,
            long subaccount,
            OrderStatus status,
            String reason,
            Price price,
            Quantity size,
            Quantity filled,
            Quantity remaining,
            long quoteMicros) {}

    /** A trade that must have happened. */
    public record Trade(long takerId, long makerId, Side takerSide, Price price, Quantity size) {}

    /** A level that must stand in the book. */
    public record Level(Price price, Quantity size) {}

    private final Market market;
    private final Map<Long, Known> orders = new LinkedHashMap<>();
    private final List<Trade> trades = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private final NaiveBook book = new NaiveBook(ledger);
    private Known current;

    /** Of this definition, which must not have changed since the first command. */
    public ReferenceMarket(Market market) {
        if (market.status() != MarketStatus.ACTIVE) {
            throw new IllegalArgumentException(market.symbol() + " is " + market.status());
        }
        this.market = market;
    }

    private static final class Known {
        PlaceOrder placement;
        boolean reduceOnly;
        Price limit;
        long size;
        long filled;
        long remaining;
        long quote;
        OrderStatus status = OrderStatus.PENDING;
        String reason;

        boolean buys() {
            return placement.side() == Side.BUY;
        }

        void stand(long left) {
            remaining = left;
            size = filled + left;
            status = filled == 0 ? OrderStatus.OPEN : OrderStatus.PARTIALLY_FILLED;
        }

        void end(String why) {
            remaining = 0;
            status = filled == size ? OrderStatus.FILLED : OrderStatus.CANCELLED;
            reason = filled == size ? null : why;
        }

        Order asOrder() {
            return new Order(
                    placement.orderId().value(),
                    placement.subaccount().value(),
                    status,
                    reason,
                    placement.orderType() == OrderType.MARKET
                            ? null
                            : limit == null ? placement.price() : limit,
                    new Quantity(size),
                    new Quantity(filled),
                    new Quantity(remaining),
                    quote);
        }
    }

    /** The next command of the market's stream. */
    public void decide(Admission admission) {
        switch (admission) {
            case OrderAdmitted admitted -> place(admitted);
            case PlacementRefused(PlaceOrder command, Refusal refusal) ->
                    reject(arriving(command), refusal.name());
            case CancelAdmitted cancel ->
                    cancel(cancel.orderId(), cancel.command().subaccount().value());
            case AmendAdmitted amend -> amend(amend);
            case CancelAllAdmitted all -> cancelAll(all.command().subaccount().value());
            case PlacementRepeated repeated -> {
                // The first placement has made the order.
            }
            case RequestRepeated repeated -> {
                // The first of them has had its effect.
            }
            case RequestRefused refused -> {
                // Changes nothing.
            }
        }
        ledger.drain();
    }

    /** Every order that was placed, in the order of arrival. */
    public Collection<Order> orders() {
        return orders.values().stream().map(Known::asOrder).toList();
    }

    /** Every trade, in order. */
    public List<Trade> trades() {
        return List.copyOf(trades);
    }

    /** A side's levels, best first. */
    public List<Level> levels(boolean buy) {
        Map<Long, Long> sizes = new LinkedHashMap<>();
        book.queue(buy).forEach(order -> sizes.merge(order.price, order.remaining, Long::sum));
        return sizes.entrySet().stream()
                .map(level -> new Level(new Price(level.getKey()), new Quantity(level.getValue())))
                .toList();
    }

    /** The size of a subaccount's position. */
    public Quantity positionOf(long subaccount) {
        return new Quantity(ledger.sizeOf(subaccount));
    }

    private Known arriving(PlaceOrder command) {
        Known order = new Known();
        order.placement = command;
        order.size = command.size().units();
        if (orders.putIfAbsent(command.orderId().value(), order) != null) {
            throw new IllegalStateException("order " + command.orderId() + " came twice");
        }
        return order;
    }

    private void place(OrderAdmitted admitted) {
        PlaceOrder command = admitted.command();
        if (command.validUntilMillis() != 0) {
            throw new IllegalArgumentException("order " + command.orderId() + " has a time");
        }
        Known order = arriving(command);
        order.limit = admitted.limit();
        order.reduceOnly = admitted.reduceOnly();
        Placement placement = placement(order, admitted.selfTradeGroup());
        boolean isLimit = command.orderType() == OrderType.LIMIT;
        Refusal refusal = refusalByShape(order, isLimit ? order.limit : null, order.size);
        if (refusal == null) {
            refusal = refusalByBook(book.refusalOf(placement));
        }
        if (refusal == null && exceedsOpenInterest(order, order.size)) {
            refusal = Refusal.OPEN_INTEREST_EXCEEDED;
        }
        if (refusal != null) {
            reject(order, refusal.name());
            return;
        }
        ledger.expect(placement);
        current = order;
        book.place(placement);
    }

    private Placement placement(Known order, long group) {
        PlaceOrder command = order.placement;
        long id = command.orderId().value();
        boolean rests =
                command.timeInForce() == TimeInForce.GTC
                        || command.timeInForce() == TimeInForce.POST_ONLY;
        Placement placement = new Placement();
        return (order.buys()
                        ? placement.buy(id, order.limit.units(), order.size)
                        : placement.sell(id, order.limit.units(), order.size))
                .of(command.subaccount().value(), group)
                .timeInForce(
                        command.orderType() == OrderType.MARKET && rests
                                ? TimeInForce.IOC
                                : command.timeInForce())
                .selfTrade(command.selfTrade())
                .reduceOnly(order.reduceOnly);
    }

    private void reject(Known order, String why) {
        order.remaining = 0;
        order.status = OrderStatus.REJECTED;
        order.reason = why;
    }

    private void cancel(OrderId id, long subaccount) {
        Known order = open(id, subaccount);
        if (order != null) {
            current = order;
            book.cancel(id.value(), subaccount);
        }
    }

    private void cancelAll(long subaccount) {
        orders.values().stream()
                .filter(order -> order.remaining > 0)
                .filter(order -> order.placement.subaccount().value() == subaccount)
                .map(order -> order.placement.orderId())
                .toList()
                .forEach(id -> cancel(id, subaccount));
    }

    private void amend(AmendAdmitted admitted) {
        long subaccount = admitted.command().subaccount().value();
        Known order = open(admitted.orderId(), subaccount);
        if (order == null) {
            return;
        }
        Price wished = admitted.command().price();
        Price price = wished == null ? order.limit : wished;
        Quantity size = admitted.command().size();
        long total = size == null ? order.size : size.units();
        long remaining = total - order.filled;
        boolean keepsPlace = price.equals(order.limit) && remaining <= order.remaining;
        boolean mayIncrease =
                remaining > order.remaining
                        || (!keepsPlace && book.wouldTrade(order.buys(), price.units()));
        if (refusalByShape(order, wished, total) == null
                && remaining > 0
                && !(mayIncrease && exceedsOpenInterest(order, remaining))) {
            current = order;
            book.amend(
                    admitted.orderId().value(),
                    subaccount,
                    price.units(),
                    remaining,
                    order.placement.selfTrade());
        }
    }

    private Known open(OrderId id, long subaccount) {
        Known order = orders.get(id.value());
        return order != null
                        && order.remaining > 0
                        && order.placement.subaccount().value() == subaccount
                ? order
                : null;
    }

    private Refusal refusalByShape(Known order, Price price, long size) {
        if (price != null && price.units() % market.tick().units() != 0) {
            return Refusal.PRICE_OFF_TICK;
        }
        if (size % market.step().units() != 0) {
            return Refusal.SIZE_OFF_STEP;
        }
        if (!order.reduceOnly && size < market.minOrderSize().units()) {
            return Refusal.SIZE_BELOW_MINIMUM;
        }
        Price worst = price == null ? order.limit : price;
        return size > market.maxOrderSize().units() || !market.carries(worst, new Quantity(size))
                ? Refusal.SIZE_ABOVE_MAXIMUM
                : null;
    }

    private static Refusal refusalByBook(BookRefusal refusal) {
        return refusal == null ? null : Refusal.valueOf(refusal.name());
    }

    private boolean exceedsOpenInterest(Known order, long size) {
        long held = ledger.sizeOf(order.placement.subaccount().value());
        long increase = size - Math.max(0, order.buys() ? -held : held);
        long openInterest =
                ledger.positions().values().stream().mapToLong(of -> Math.max(0, of)).sum();
        return !order.reduceOnly
                && increase > 0
                && openInterest + increase > market.maxOpenInterest().units();
    }

    /** Follows the book and keeps what it makes of each order. */
    private final class Ledger extends BookJournal {
        private String lastCut;

        @Override
        void expect(Placement order) {
            super.expect(order);
            lastCut = null;
        }

        @Override
        public void filled(
                long takerId,
                long makerId,
                long price,
                long size,
                long takerRemaining,
                long makerRemaining) {
            super.filled(takerId, makerId, price, size, takerRemaining, makerRemaining);
            Known taker = orders.get(takerId);
            trades.add(
                    new Trade(
                            takerId,
                            makerId,
                            taker.placement.side(),
                            new Price(price),
                            new Quantity(size)));
            fill(taker, price, size, takerRemaining);
            fill(orders.get(makerId), price, size, makerRemaining);
        }

        private void fill(Known order, long price, long size, long left) {
            order.filled += size;
            order.remaining = left;
            order.quote +=
                    Amounts.notional(new Price(price), new Quantity(size), RoundingMode.HALF_EVEN)
                            .micros();
            order.status = OrderStatus.PARTIALLY_FILLED;
            if (left == 0) {
                order.end(order == current ? lastCut : null);
            }
        }

        @Override
        public void rested(long orderId, long price, long remaining, long priority) {
            super.rested(orderId, price, remaining, priority);
            orders.get(orderId).stand(remaining);
        }

        @Override
        public void amended(long orderId, long price, long remaining) {
            super.amended(orderId, price, remaining);
            lastCut = null;
            Known order = orders.get(orderId);
            order.limit = new Price(price);
            order.stand(remaining);
        }

        @Override
        public void reduced(long orderId, long by, long remaining, CutCause cause) {
            super.reduced(orderId, by, remaining, cause);
            Known order = orders.get(orderId);
            if (order == current) {
                lastCut = reason(cause);
            } else {
                order.stand(remaining);
            }
        }

        @Override
        public void cancelled(long orderId, long size, CutCause cause) {
            super.cancelled(orderId, size, cause);
            orders.get(orderId).end(reason(cause));
        }

        private static String reason(CutCause cause) {
            return switch (cause) {
                case REQUESTED -> CloseReason.CANCELLED_BY_USER.name();
                case NO_MORE_LIQUIDITY, SELF_TRADE, REDUCE_ONLY ->
                        CloseReason.valueOf(cause.name()).name();
            };
        }
    }
}
