package io.perpetua.orders.domain.market;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.BookDepth;
import io.perpetua.contracts.orders.BookLevel;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CloseReason;
import io.perpetua.contracts.orders.CommandRepeated;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrdersCancelled;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.TradeExecuted;
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
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.orders.domain.book.BookListener;
import io.perpetua.orders.domain.book.BookRefusal;
import io.perpetua.orders.domain.book.CutCause;
import io.perpetua.orders.domain.book.OrderBook;
import io.perpetua.orders.domain.book.Placement;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One market: takes commands in the order of the market's stream and says what becomes of each.
 *
 * <p>Every command ends with exactly one event that carries its reply address, and every order with
 * exactly one {@code OrderClosed}. After every command the positions' sizes sum to zero and their
 * costs to the profit realised. It does no I/O, takes the time as an argument, and is called by one
 * thread: the same commands at the same times give the same events, from a restored state too.
 */
public final class MarketEngine {
    private final MarketId market;
    private final TradeIds tradeIds;
    private final MarketRules rules;
    private final Positions positions = new Positions();
    private final OpenOrders orders = new OpenOrders();
    private final Matching matching = new Matching();
    private final OrderBook book = new OrderBook(positions, matching);
    private final Placement placement = new Placement();

    private long bookSequence;
    private long lastTradeId;
    private @Nullable Price last;
    private long trades;
    private boolean stateChanged;

    // Valid while a command is decided.
    private MarketOutput out = new NoOutput();
    private long nowMillis;

    private MarketEngine(MarketId market, TradeIds tradeIds, PastOrders pastOrders) {
        this.market = market;
        this.tradeIds = tradeIds;
        this.rules = new MarketRules(positions, orders, book, pastOrders);
    }

    /** A market of which nothing is known yet. */
    public static MarketEngine empty(MarketId market, TradeIds tradeIds, PastOrders pastOrders) {
        return new MarketEngine(market, tradeIds, pastOrders);
    }

    /**
     * A market as its rows have it: its positions and its open orders, in any order of either.
     *
     * @throws IllegalStateException when the rows contradict each other
     */
    public static MarketEngine restore(
            MarketState state,
            Collection<Position> positions,
            Collection<Order> openOrders,
            TradeIds tradeIds,
            PastOrders pastOrders) {
        MarketEngine engine = new MarketEngine(state.market(), tradeIds, pastOrders);
        engine.rules.apply(state.definition());
        engine.bookSequence = state.bookSequence();
        engine.lastTradeId = state.lastTradeId();
        engine.last = state.last();
        engine.trades = state.trades();
        engine.positions.restore(positions, state.realised());
        openOrders.stream()
                .sorted(Comparator.comparingLong(Order::priority))
                .forEach(engine::restore);
        engine.book.continueAfter(state.lastPriority());
        tradeIds.startAfter(state.lastTradeId());
        return engine;
    }

    /** Which market this is. */
    public MarketId market() {
        return market;
    }

    /**
     * Applies a version of the market's definition and publishes the marker, so that all who follow
     * the market apply it at the same cut; a version that is not newer changes nothing.
     */
    public void apply(Market definition, long nowMillis, MarketOutput out) {
        if (rules.apply(definition)) {
            stateChanged = true;
            out.marker(new MarketApplied(definition, nowMillis));
        }
    }

    /**
     * Closes the oldest orders of a market that will never trade again, up to {@code max} of them
     * at a time, so that no batch grows with the book; until they are closed their owners may
     * cancel them.
     */
    public void closeResting(int max, long nowMillis, MarketOutput out) {
        Market definition = rules.definition();
        if (definition == null || !definition.status().isEnded() || orders.size() == 0) {
            return;
        }
        this.out = out;
        this.nowMillis = nowMillis;
        for (Order order : orders.oldest(max)) {
            matching.begin(order);
            book.cancel(order.id().value(), order.subaccount().value());
            matching.because(CloseReason.MARKET_CLOSED);
            matching.end(null);
        }
        if (matching.takeTouched()) {
            bookSequence++;
            stateChanged = true;
        }
    }

    /** Decides a command, applies what follows, and publishes it. */
    public void decide(Admission admission, long nowMillis, MarketOutput out) {
        this.out = out;
        this.nowMillis = nowMillis;
        switch (admission) {
            case OrderAdmitted admitted -> place(admitted);
            case PlacementRefused refused ->
                    reject(unadmitted(refused.command()), refused.refusal());
            case PlacementRepeated repeated -> repeat(repeated.command(), repeated.original());
            case RequestRepeated repeated -> repeat(repeated.command(), repeated.original());
            case CancelAdmitted cancel -> cancel(cancel);
            case AmendAdmitted amend -> amend(amend);
            case CancelAllAdmitted all -> cancelAll(all.command());
            case RequestRefused refused ->
                    refuse(refused.command(), refused.orderId(), refused.refusal());
        }
        if (matching.takeTouched()) {
            bookSequence++;
            stateChanged = true;
        }
        positions.assertBalanced();
    }

    /** The newest version of the definition that was applied. */
    public Optional<Market> definition() {
        return Optional.ofNullable(rules.definition());
    }

    /** The sum of all long positions; of all short ones too. */
    public Quantity openInterest() {
        return new Quantity(positions.openInterest());
    }

    /** Rises with every command that changed the book. */
    public long bookSequence() {
        return bookSequence;
    }

    /** The order, if it is on the book. */
    public Optional<Order> openOrder(OrderId id) {
        return Optional.ofNullable(orders.find(id));
    }

    /** The best, last and impact prices as they stand. */
    public BookTop top(long atMillis) {
        List<BookLevel> bid = BookViews.levels(book, true, 1);
        List<BookLevel> ask = BookViews.levels(book, false, 1);
        Market definition = rules.definition();
        Usd impact = definition == null ? Usd.ZERO : definition.impactNotional();
        return new BookTop(
                market,
                bookSequence,
                bid.isEmpty() ? null : bid.getFirst().price(),
                bid.isEmpty() ? null : bid.getFirst().size(),
                ask.isEmpty() ? null : ask.getFirst().price(),
                ask.isEmpty() ? null : ask.getFirst().size(),
                last,
                last == null ? null : TradeIds.atMillis(lastTradeId),
                BookViews.impact(book, true, impact),
                BookViews.impact(book, false, impact),
                atMillis);
    }

    /** The best levels of both sides as they stand. */
    public BookDepth depth(int levels, long atMillis) {
        return new BookDepth(
                market,
                bookSequence,
                BookViews.levels(book, true, levels),
                BookViews.levels(book, false, levels),
                atMillis);
    }

    /** Whether there is anything to write. */
    public boolean hasChanges() {
        return stateChanged || orders.hasChanges() || positions.hasChanges();
    }

    /** What to write; it counts as written from here on. */
    public MarketChanges takeChanges() {
        stateChanged = false;
        return new MarketChanges(state(), orders.takeChanges(), positions.takeChanges());
    }

    /** What there is besides orders and positions. */
    public MarketState state() {
        return new MarketState(
                market,
                rules.definition(),
                bookSequence,
                book.lastPriority(),
                lastTradeId,
                last,
                trades,
                new Usd(positions.realised()));
    }

    /** A hash of the whole state, equal for equal states. */
    public long stateHash() {
        return Hashes.of(
                book.stateHash(),
                orders.hash(),
                positions.hash(),
                Hashes.ofObject(rules.definition() == null ? null : rules.definition().version()),
                market.value(),
                bookSequence,
                book.lastPriority(),
                lastTradeId,
                last == null ? 0 : last.units(),
                trades);
    }

    private void restore(Order order) {
        if (!order.isOpen() || order.limit() == null) {
            throw new IllegalStateException("order " + order.id() + " is not open");
        }
        orders.open(order);
        book.restore(placementOf(order, order.remainingUnits()), order.priority());
    }

    private static Order unadmitted(PlaceOrder command) {
        return Order.arriving(
                command, new Order.Terms(command.reduceOnly(), Rate.ZERO, Rate.ZERO, 0), null);
    }

    private void place(OrderAdmitted admitted) {
        PlaceOrder command = admitted.command();
        Order order =
                Order.arriving(
                        command,
                        new Order.Terms(
                                rules.isReduceOnly(admitted),
                                admitted.takerFee(),
                                admitted.makerFee(),
                                admitted.selfTradeGroup()),
                        admitted.limit());
        placementOf(order, order.sizeUnits());
        Refusal refusal = rules.refusalOf(order, placement, nowMillis);
        if (refusal != null) {
            reject(order, refusal);
            return;
        }
        matching.begin(order);
        book.place(placement);
        matching.end(command.reply());
        order.answered(nowMillis);
    }

    private void amend(AmendAdmitted admitted) {
        Order order = orders.find(admitted.orderId());
        Refusal refusal =
                order == null || !order.subaccount().equals(admitted.command().subaccount())
                        ? rules.whyNotOpen(admitted.orderId(), admitted.command().subaccount())
                        : rules.refusalOf(order, admitted.command());
        if (order == null || refusal != null) {
            refuse(
                    admitted.command(),
                    admitted.orderId(),
                    Objects.requireNonNullElse(refusal, Refusal.ORDER_UNKNOWN));
            return;
        }
        Amendment to = Amendment.of(order, admitted.command());
        matching.begin(order);
        book.amend(
                order.id().value(),
                order.subaccount().value(),
                to.price().units(),
                to.remaining(),
                order.selfTrade());
        Refusal refused = matching.refusal();
        if (refused == null) {
            matching.end(admitted.command().reply());
        } else {
            refuse(admitted.command(), admitted.orderId(), refused);
        }
    }

    private void cancel(CancelAdmitted admitted) {
        Order order = orders.find(admitted.orderId());
        if (order == null || !order.subaccount().equals(admitted.command().subaccount())) {
            refuse(
                    admitted.command(),
                    admitted.orderId(),
                    rules.whyNotOpen(admitted.orderId(), admitted.command().subaccount()));
            return;
        }
        matching.begin(order);
        book.cancel(order.id().value(), order.subaccount().value());
        matching.end(admitted.command().reply());
    }

    private void cancelAll(CancelAllOrders command) {
        List<Order> all = orders.of(command.subaccount());
        for (Order order : all) {
            matching.begin(order);
            book.cancel(order.id().value(), order.subaccount().value());
            matching.end(null);
        }
        out.event(
                command.user(),
                new OrdersCancelled(
                        command.commandId(),
                        command.user(),
                        command.subaccount(),
                        market,
                        all.size(),
                        nowMillis,
                        command.reply()));
    }

    private void reject(Order order, Refusal refusal) {
        order.reject(refusal, nowMillis);
        order.answered(nowMillis);
        orders.changed(order);
        out.event(order.user(), OrderEvents.closed(order, nowMillis, order.placement().reply()));
    }

    private void repeat(OrderCommand command, OrderId original) {
        out.event(
                command.user(),
                new CommandRepeated(
                        command.commandId(),
                        command.user(),
                        command.subaccount(),
                        market,
                        original,
                        nowMillis,
                        command.reply()));
    }

    private void refuse(OrderCommand command, @Nullable OrderId order, Refusal refusal) {
        out.event(command.user(), OrderEvents.refused(command, order, refusal, nowMillis));
    }

    private Placement placementOf(Order order, long size) {
        long id = order.id().value();
        long limit = Objects.requireNonNull(order.limit()).units();
        if (order.buys()) {
            placement.buy(id, limit, size);
        } else {
            placement.sell(id, limit, size);
        }
        return placement
                .of(order.subaccount().value(), order.terms().selfTradeGroup())
                .timeInForce(MarketRules.timeInForce(order))
                .selfTrade(order.selfTrade())
                .reduceOnly(order.terms().reduceOnly());
    }

    /**
     * Follows the book through one command about one order, the <em>current</em> one: all others
     * are told of at once, the current one's new state last, so that it carries the reply.
     */
    private final class Matching implements BookListener {
        private @Nullable Order current;
        private @Nullable BookRefusal refusal;
        private @Nullable CloseReason cutReason;
        private boolean closed;
        private boolean touched;

        void begin(Order order) {
            current = order;
            refusal = null;
            cutReason = null;
            closed = false;
        }

        /** Gives the reason for which the current order was cut. */
        void because(CloseReason reason) {
            cutReason = reason;
        }

        /** Publishes what has become of the current order. */
        void end(@Nullable Reply reply) {
            Order order = current();
            if (refusal != null) {
                throw new IllegalStateException(
                        "the book refused order " + order.id() + ": " + refusal);
            }
            orders.changed(order);
            if (closed) {
                orders.close(order);
                order.finish(cutReason, nowMillis);
                out.event(order.user(), OrderEvents.closed(order, nowMillis, reply));
            } else {
                out.event(order.user(), OrderEvents.opened(order, nowMillis, reply));
            }
        }

        @Nullable Refusal refusal() {
            return refusal == null ? null : MarketRules.toRefusal(refusal);
        }

        boolean takeTouched() {
            boolean was = touched;
            touched = false;
            return was;
        }

        @Override
        public void filled(
                long takerId,
                long makerId,
                long price,
                long size,
                long takerRemaining,
                long makerRemaining) {
            touched = true;
            Order taker = current();
            Order maker = orders.get(makerId);
            TradeId id = tradeIds.next(nowMillis);
            lastTradeId = id.value();
            last = new Price(price);
            trades++;
            Quantity traded = new Quantity(size);
            Usd notional = Amounts.notional(last, traded, RoundingMode.HALF_EVEN);
            fill(maker, Liquidity.MAKER, id, last, traded, notional, makerRemaining);
            fill(taker, Liquidity.TAKER, id, last, traded, notional, takerRemaining);
            closed = takerRemaining == 0;
            out.trade(
                    new TradeExecuted(
                            id,
                            market,
                            last,
                            traded,
                            notional,
                            taker.side(),
                            openInterest(),
                            nowMillis));
            if (makerRemaining == 0) {
                close(maker, null);
            }
        }

        @Override
        public void rested(long orderId, long price, long remaining, long priority) {
            touched = true;
            Order order = current();
            order.stand(remaining, priority, nowMillis);
            orders.open(order);
            closed = false;
        }

        @Override
        public void amended(long orderId, long price, long remaining) {
            touched = true;
            Order order = current();
            order.amend(new Price(price), remaining, nowMillis);
            out.event(order.user(), OrderEvents.amended(order, nowMillis));
        }

        @Override
        public void reduced(long orderId, long by, long remaining, CutCause cause) {
            touched = true;
            Order order = current();
            if (order.id().value() == orderId) {
                cutReason = reasonOf(cause);
                return;
            }
            order = orders.get(orderId);
            order.amend(Objects.requireNonNull(order.limit()), remaining, nowMillis);
            orders.changed(order);
            out.event(order.user(), OrderEvents.amended(order, nowMillis));
            out.event(order.user(), OrderEvents.opened(order, nowMillis, null));
        }

        @Override
        public void cancelled(long orderId, long size, CutCause cause) {
            touched = true;
            if (current().id().value() == orderId) {
                cutReason = reasonOf(cause);
                closed = true;
            } else {
                close(orders.get(orderId), reasonOf(cause));
            }
        }

        @Override
        public void refused(long orderId, BookRefusal why) {
            refusal = why;
        }

        private void fill(
                Order order,
                Liquidity liquidity,
                TradeId id,
                Price price,
                Quantity size,
                Usd notional,
                long remaining) {
            order.fill(size.units(), remaining, notional.micros(), nowMillis);
            orders.changed(order);
            int sign = order.buys() ? 1 : -1;
            long realised = positions.trade(order, sign * size.units(), sign * notional.micros());
            out.event(
                    order.user(),
                    OrderEvents.filled(
                            order,
                            id,
                            liquidity,
                            price,
                            size,
                            notional,
                            Fees.of(notional, order.terms(), liquidity),
                            new Usd(realised),
                            positions.of(order.user(), order.subaccount()),
                            nowMillis));
        }

        private void close(Order order, @Nullable CloseReason reason) {
            orders.close(order);
            order.finish(reason, nowMillis);
            orders.changed(order);
            out.event(order.user(), OrderEvents.closed(order, nowMillis, null));
        }

        private Order current() {
            return Objects.requireNonNull(current);
        }

        private static CloseReason reasonOf(CutCause cause) {
            return switch (cause) {
                case REQUESTED -> CloseReason.CANCELLED_BY_USER;
                case NO_MORE_LIQUIDITY -> CloseReason.NO_MORE_LIQUIDITY;
                case SELF_TRADE -> CloseReason.SELF_TRADE;
                case REDUCE_ONLY -> CloseReason.REDUCE_ONLY;
            };
        }
    }

    /** Stands in before the first decision. */
    private static final class NoOutput implements MarketOutput {
        @Override
        public void event(UserId user, OrderEvent event) {
            throw new IllegalStateException("nothing is being decided");
        }

        @Override
        public void marker(MarketApplied marker) {
            throw new IllegalStateException("nothing is being decided");
        }

        @Override
        public void trade(TradeExecuted trade) {
            throw new IllegalStateException("nothing is being decided");
        }
    }
}
