package io.perpetua.orders.app;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.UnreadableEventException;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.risk.RequestRepeated;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.Shard;
import io.perpetua.orders.domain.market.MarketChanges;
import io.perpetua.orders.domain.market.MarketEngine;
import io.perpetua.orders.domain.market.MarketOutput;
import io.perpetua.orders.domain.market.TradeIds;
import io.perpetua.orders.persistence.MarketLoader.LoadedMarket;
import io.perpetua.orders.persistence.MarketWriter.AgentAnswer;
import io.perpetua.orders.persistence.MarketWriter.WithoutOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The markets of one shard: turns records into decisions of their engines and what those publish
 * into records, and keeps what a batch has changed until it is written. One thread calls it.
 */
final class MarketShard implements Shard {
    private static final int DEPTH = 50;

    /** A book at rest is told again, or its readers could not tell it from one that nobody owns. */
    private static final long REPUBLISH_MILLIS = 2_000;

    /** Of the orders of a market that has ended; a batch of them is a commit like others. */
    private static final int CLOSED_A_TICK = 200;

    private final int index;
    private final BookPublisher books;
    private final TradeIds tradeIds;
    private final Map<MarketId, MarketEngine> engines = new TreeMap<>();
    private final Map<MarketId, PublishedBook> publishedBooks = new HashMap<>();
    private final IdentityHashMap<Incoming, Admission> readAhead = new IdentityHashMap<>();
    private final Map<OrderId, SubaccountId> pastOrders = new HashMap<>();
    private Changes changes = new Changes();

    /** Which picture of a book was published last, and when. */
    private record PublishedBook(long sequence, long atMillis) {}

    /**
     * What a batch changed.
     *
     * @param markets the engines' own changes
     * @param placed the orders among them that have no row yet
     * @param withoutOrder placements that made no order
     * @param agentAnswers what agents' cancels and amendments were answered
     * @param fills both sides of its trades
     * @param trades its trades
     * @param definitions versions of markets that it applied
     */
    record Changes(
            List<MarketChanges> markets,
            Set<OrderId> placed,
            List<WithoutOrder> withoutOrder,
            List<AgentAnswer> agentAnswers,
            List<OrderFilled> fills,
            List<TradeExecuted> trades,
            List<Market> definitions) {
        private Changes() {
            this(
                    new ArrayList<>(),
                    new HashSet<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }

    MarketShard(int index, BookPublisher books) {
        this.index = index;
        this.books = books;
        this.tradeIds = new TradeIds(index);
    }

    int index() {
        return index;
    }

    /** Takes over a market as its rows have it. */
    void restore(LoadedMarket market) {
        engines.put(
                market.state().market(),
                MarketEngine.restore(
                        market.state(),
                        market.positions(),
                        market.openOrders(),
                        tradeIds,
                        this::isPast));
    }

    /**
     * Reads a batch's admissions before they are handled, and answers which orders they mean that
     * are not on a book: of those {@link #know} wants to hear which have ended.
     */
    Set<OrderId> readAhead(List<Incoming> records) {
        Set<OrderId> unknown = new HashSet<>();
        for (Incoming record : records) {
            Admission admission = readable(record);
            if (admission == null) {
                continue;
            }
            readAhead.put(record, admission);
            OrderId meant =
                    switch (admission) {
                        case CancelAdmitted cancel -> cancel.orderId();
                        case AmendAdmitted amend -> amend.orderId();
                        default -> null;
                    };
            MarketEngine engine = engines.get(admission.command().market());
            if (meant != null && engine != null && engine.openOrder(meant).isEmpty()) {
                unknown.add(meant);
            }
        }
        return unknown;
    }

    /** The admission, or null: then {@link #handle} reads it again and fails for it alone. */
    private static @Nullable Admission readable(Incoming record) {
        if (!record.topic().equals(Topics.ADMISSIONS.name())) {
            return null;
        }
        try {
            return EventCodec.decode(Admission.class, record.value());
        } catch (UnreadableEventException unreadable) {
            return null;
        }
    }

    /** Learns of orders that have ended, and whose they were, for the batch to come. */
    void know(Map<OrderId, SubaccountId> ended) {
        pastOrders.putAll(ended);
    }

    private boolean isPast(OrderId order, SubaccountId subaccount) {
        return subaccount.equals(pastOrders.get(order));
    }

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        if (record.topic().equals(Topics.MARKET_CHANGES.name())) {
            Market definition = EventCodec.decode(MarketChanged.class, record.value()).definition();
            engine(definition.id()).apply(definition, nowMillis, new Output(out, null));
        } else {
            Admission admission = readAhead.remove(record);
            if (admission == null) {
                admission = EventCodec.decode(Admission.class, record.value());
            }
            note(admission, nowMillis);
            engine(admission.command().market())
                    .decide(admission, nowMillis, new Output(out, answered(admission)));
        }
    }

    /** The command whose answer is kept, because an agent may repeat it; null where none is. */
    private static @Nullable OrderCommand answered(Admission admission) {
        OrderCommand command = admission.command();
        boolean isKept =
                command.nonce() != null
                        && !(command instanceof PlaceOrder)
                        && !(admission instanceof RequestRepeated);
        return isKept ? command : null;
    }

    private MarketEngine engine(MarketId market) {
        MarketEngine known = engines.get(market);
        if (known != null) {
            return known;
        }
        if (Partitions.of(market) != index) {
            throw new IllegalStateException("market " + market + " is not of shard " + index);
        }
        MarketEngine fresh = MarketEngine.empty(market, tradeIds, this::isPast);
        engines.put(market, fresh);
        return fresh;
    }

    private void note(Admission admission, long nowMillis) {
        switch (admission) {
            case OrderAdmitted admitted -> changes.placed().add(admitted.command().orderId());
            case PlacementRefused refused -> changes.placed().add(refused.command().orderId());
            case RequestRefused(PlaceOrder placement, var meant, var refusal) ->
                    changes.withoutOrder()
                            .add(
                                    new WithoutOrder(
                                            placement.orderId(),
                                            placement.user(),
                                            null,
                                            refusal,
                                            nowMillis));
            case PlacementRepeated(PlaceOrder placement, var original) ->
                    changes.withoutOrder()
                            .add(
                                    new WithoutOrder(
                                            placement.orderId(),
                                            placement.user(),
                                            original,
                                            null,
                                            nowMillis));
            default -> {}
        }
    }

    @Override
    public void endBatch(long nowMillis, Emitter out) {
        readAhead.clear();
        pastOrders.clear();
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        throw new IllegalStateException("a market shard takes no client commands");
    }

    @Override
    public void tick(long nowMillis, Emitter out) {
        for (MarketEngine engine : engines.values()) {
            engine.closeResting(CLOSED_A_TICK, nowMillis, new Output(out, null));
            PublishedBook last = publishedBooks.get(engine.market());
            if (last == null
                    || last.sequence() != engine.bookSequence()
                    || Math.absExact(nowMillis - last.atMillis()) >= REPUBLISH_MILLIS) {
                books.publish(engine.top(nowMillis), engine.depth(DEPTH, nowMillis));
                publishedBooks.put(
                        engine.market(), new PublishedBook(engine.bookSequence(), nowMillis));
            }
        }
    }

    /** What has changed since the last call; it counts as written from here on. */
    Changes takeChanges() {
        for (MarketEngine engine : engines.values()) {
            if (engine.hasChanges()) {
                changes.markets().add(engine.takeChanges());
            }
        }
        Changes taken = changes;
        changes = new Changes();
        return taken;
    }

    @Override
    public long stateHash() {
        long hash = index;
        for (MarketEngine engine : engines.values()) {
            hash = hash * 31 + engine.stateHash();
        }
        return hash;
    }

    /** Puts what engines publish on its way, and keeps what is to be written of it. */
    private final class Output implements MarketOutput {
        private final Emitter out;
        private final @Nullable OrderCommand answered;

        Output(Emitter out, @Nullable OrderCommand answered) {
            this.out = out;
            this.answered = answered;
        }

        @Override
        public void event(UserId user, OrderEvent event) {
            if (event instanceof OrderFilled fill) {
                changes.fills().add(fill);
            }
            if (answered != null
                    && event.reply() != null
                    && event.reply().equals(answered.reply())) {
                changes.agentAnswers().add(new AgentAnswer(answered.commandId(), user, event));
            }
            emit(Partitions.of(user), event);
        }

        @Override
        public void marker(MarketApplied marker) {
            changes.definitions().add(marker.definition());
            for (int partition = 0; partition < Partitions.USERS; partition++) {
                emit(partition, marker);
            }
        }

        @Override
        public void trade(TradeExecuted trade) {
            changes.trades().add(trade);
            out.emit(
                    new Outgoing(
                            Topics.TRADES.name(),
                            Partitions.of(trade.market()),
                            null,
                            EventCodec.encode(TradeExecuted.class, trade),
                            null));
        }

        private void emit(int partition, OrderEvent event) {
            out.emit(
                    new Outgoing(
                            Topics.ORDER_EVENTS.name(),
                            partition,
                            null,
                            EventCodec.encode(OrderEvent.class, event),
                            event.reply() == null ? null : event.reply().toString()));
        }
    }
}
