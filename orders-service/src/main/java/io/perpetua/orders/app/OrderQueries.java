package io.perpetua.orders.app;

import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.eventlog.Gateway;
import io.perpetua.orders.persistence.AgentAnswers;
import io.perpetua.orders.persistence.OrderReader;
import io.perpetua.orders.persistence.OrderReader.WithoutOrder;
import io.perpetua.orders.persistence.OrderRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers questions about a user's orders from their rows, and from the journal where there is no
 * row yet. All methods block.
 *
 * <p>What a placement led to is committed before its outcome is published. An id that the tables
 * don't know is therefore looked up in the journal, by the time it carries: found there, the order
 * is pending; else it never was.
 */
@ApplicationScoped
public class OrderQueries {
    private static final long CLOCK_TOLERANCE_MILLIS = 60_000;

    private final UserTransactions reads;
    private final CommandJournal journal;
    private final MarketDirectory markets;

    OrderQueries(UserTransactions reads, CommandJournal journal, MarketDirectory markets) {
        this.reads = reads;
        this.journal = journal;
        this.markets = markets;
    }

    /** What became of the user's placement of this id. */
    public Outcome find(UserId user, OrderId orderId) {
        return reads.call(user, transaction -> decided(transaction, user, orderId))
                .orElseGet(() -> undecided(user, orderId));
    }

    /** The user's orders that pass the filter, newest first. */
    public List<OrderView> list(UserId user, OrderReader.Filter filter, int limit) {
        return reads
                .call(user, transaction -> OrderReader.list(transaction, user, filter, limit))
                .stream()
                .map(this::view)
                .toList();
    }

    /** Those of the user's orders that there are, and their markets, pending ones included. */
    Map<OrderId, FoundOrder> locate(UserId user, Collection<OrderId> orderIds) {
        Map<OrderId, FoundOrder> found = new HashMap<>();
        reads.call(user, transaction -> OrderReader.find(transaction, user, orderIds))
                .forEach(row -> found.put(row.orderId(), new FoundOrder(row.market(), view(row))));
        for (OrderId missing : orderIds) {
            if (!found.containsKey(missing)) {
                inJournal(user, missing)
                        .ifPresent(
                                order ->
                                        found.put(
                                                missing,
                                                new FoundOrder(order.market(), pending(order))));
            }
        }
        return found;
    }

    /** What the placement that {@code repeat} repeats was answered. */
    Outcome firstAnswer(OrderId original, PlaceOrder repeat) {
        return reads.call(repeat.user(), transaction -> first(transaction, original, repeat));
    }

    private Outcome first(Connection transaction, OrderId original, PlaceOrder repeat)
            throws SQLException {
        Optional<OrderRow> row = OrderReader.find(transaction, repeat.user(), original);
        if (row.isPresent()) {
            OrderView order = OrderView.first(row.get(), repeat, symbol(row.get().market()));
            return order.status() == OrderStatus.REJECTED && order.reason() != null
                    ? new Outcome.Refused(Refusal.valueOf(order.reason()), original)
                    : new Outcome.Done(order);
        }
        WithoutOrder without =
                OrderReader.findWithoutOrder(transaction, repeat.user(), original)
                        .orElseThrow(() -> new IllegalStateException("no row of " + original));
        return switch (without) {
            case WithoutOrder.Refused(Refusal refusal) -> new Outcome.Refused(refusal, original);
            case WithoutOrder.Repeat(OrderId first) -> first(transaction, first, repeat);
        };
    }

    /** The event that answered an agent's cancel or amendment. */
    OrderEvent agentAnswer(UserId user, OrderId command) {
        return reads.call(user, transaction -> AgentAnswers.find(transaction, user, command))
                .orElseThrow(() -> new IllegalStateException("no answer to " + command));
    }

    private Optional<Outcome> decided(Connection transaction, UserId user, OrderId orderId)
            throws SQLException {
        Optional<OrderRow> row = OrderReader.find(transaction, user, orderId);
        if (row.isPresent()) {
            return row.map(order -> new Outcome.Done(view(order)));
        }
        Optional<WithoutOrder> without = OrderReader.findWithoutOrder(transaction, user, orderId);
        if (without.isEmpty()) {
            return Optional.empty();
        }
        return switch (without.get()) {
            case WithoutOrder.Refused(Refusal refusal) ->
                    Optional.of(new Outcome.Refused(refusal, orderId));
            case WithoutOrder.Repeat(OrderId original) -> decided(transaction, user, original);
        };
    }

    private Outcome undecided(UserId user, OrderId orderId) {
        return inJournal(user, orderId)
                .<Outcome>map(order -> new Outcome.Pending(pending(order)))
                .orElseGet(() -> new Outcome.Refused(Refusal.ORDER_UNKNOWN, orderId));
    }

    private Optional<PlaceOrder> inJournal(UserId user, OrderId orderId) {
        long latest = System.currentTimeMillis() + CLOCK_TOLERANCE_MILLIS;
        return Gateway.issuedAtMillis(orderId.value()) > latest
                ? Optional.empty()
                : journal.find(orderId, user);
    }

    private OrderView view(OrderRow row) {
        return OrderView.of(row, symbol(row.market()));
    }

    private OrderView pending(PlaceOrder order) {
        return OrderView.pending(order, symbol(order.market()));
    }

    private String symbol(MarketId market) {
        return markets.symbolOf(market);
    }
}
