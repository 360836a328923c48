package io.perpetua.orders.app;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.orders.domain.market.MarketChanges;
import io.perpetua.orders.domain.market.Order;
import io.perpetua.orders.domain.market.Position;
import io.perpetua.orders.persistence.MarketLoader;
import io.perpetua.orders.persistence.MarketLoader.LoadedMarket;
import io.perpetua.orders.persistence.MarketWriter;
import io.perpetua.orders.persistence.MarketWriter.AgentAnswer;
import io.perpetua.orders.persistence.MarketWriter.MarketPosition;
import io.perpetua.orders.persistence.MarketWriter.StateChange;
import io.perpetua.orders.persistence.MarketWriter.WithoutOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All market shards: how their state is read from the tables and a batch's changes are written,
 * with one statement a table for all shards of a worker.
 */
public final class MarketShards implements ShardGroup<MarketShard, Connection> {
    private final BookPublisher books;

    /** With whoever takes the books to their readers. */
    public MarketShards(BookPublisher books) {
        this.books = books;
    }

    @Override
    public String name() {
        return "orders-markets";
    }

    @Override
    public int shards() {
        return Partitions.MARKETS;
    }

    /** A new definition comes before the orders that were judged by it. */
    @Override
    public List<InputTopic> inputs() {
        return List.of(
                new InputTopic(Topics.MARKET_CHANGES.name(), InputTopic.Kind.EVENTS),
                new InputTopic(Topics.ADMISSIONS.name(), InputTopic.Kind.EVENTS));
    }

    @Override
    public MarketShard create(int index) {
        return new MarketShard(index, books);
    }

    @Override
    public void load(List<MarketShard> shards, Connection transaction) throws SQLException {
        Map<Integer, MarketShard> byIndex = new HashMap<>();
        shards.forEach(shard -> byIndex.put(shard.index(), shard));
        for (LoadedMarket market :
                MarketLoader.markets(transaction, List.copyOf(byIndex.keySet()))) {
            MarketShard shard = byIndex.get(Partitions.of(market.state().market()));
            if (shard != null) {
                shard.restore(market);
            }
        }
    }

    @Override
    public void prefetch(Map<MarketShard, List<Incoming>> batch, Connection transaction)
            throws SQLException {
        Set<OrderId> unknown = new HashSet<>();
        batch.forEach((shard, records) -> unknown.addAll(shard.readAhead(records)));
        if (!unknown.isEmpty()) {
            Map<OrderId, SubaccountId> ended = MarketLoader.pastOrders(transaction, unknown);
            batch.keySet().forEach(shard -> shard.know(ended));
        }
    }

    @Override
    public void flush(List<MarketShard> changed, Connection transaction, Writes writes) {
        Rows rows = new Rows();
        for (MarketShard shard : changed) {
            rows.add(shard.takeChanges());
        }
        rows.addTo(writes);
    }

    /** The rows of a batch, of all its shards. */
    private static final class Rows {
        private final List<Order> newOrders = new ArrayList<>();
        private final List<Order> changedOrders = new ArrayList<>();
        private final List<WithoutOrder> withoutOrder = new ArrayList<>();
        private final List<AgentAnswer> agentAnswers = new ArrayList<>();
        private final List<OrderFilled> fills = new ArrayList<>();
        private final List<TradeExecuted> trades = new ArrayList<>();
        private final List<MarketPosition> positions = new ArrayList<>();
        private final List<StateChange> states = new ArrayList<>();
        private final List<Market> definitions = new ArrayList<>();

        void add(MarketShard.Changes changes) {
            for (MarketChanges market : changes.markets()) {
                add(market, changes);
            }
            withoutOrder.addAll(changes.withoutOrder());
            agentAnswers.addAll(changes.agentAnswers());
            fills.addAll(changes.fills());
            trades.addAll(changes.trades());
            definitions.addAll(changes.definitions());
        }

        private void add(MarketChanges market, MarketShard.Changes changes) {
            MarketId id = market.state().market();
            for (Order order : market.orders()) {
                (changes.placed().contains(order.id()) ? newOrders : changedOrders).add(order);
            }
            for (Position position : market.positions()) {
                positions.add(new MarketPosition(id, position));
            }
            long volumeUnits = 0;
            long volumeMicros = 0;
            for (TradeExecuted trade : changes.trades()) {
                if (trade.market().equals(id)) {
                    volumeUnits = Math.addExact(volumeUnits, trade.size().units());
                    volumeMicros = Math.addExact(volumeMicros, trade.notional().micros());
                }
            }
            states.add(new StateChange(market.state(), volumeUnits, volumeMicros));
        }

        void addTo(Writes writes) {
            MarketWriter.insertOrders(writes, newOrders);
            MarketWriter.updateOrders(writes, changedOrders);
            MarketWriter.insertWithoutOrder(writes, withoutOrder);
            MarketWriter.insertAgentAnswers(writes, agentAnswers);
            MarketWriter.insertFills(writes, fills);
            MarketWriter.insertTrades(writes, trades);
            MarketWriter.upsertPositions(writes, positions);
            MarketWriter.upsertStates(writes, states);
            MarketWriter.updateDefinitions(writes, definitions);
        }
    }
}
