package io.perpetua.orders.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.CommandRepeated;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Reach;
import io.perpetua.eventlog.Gateway;
import io.perpetua.orders.app.CommandJournal.JournalUnavailableException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Places orders: gives the order its id, journals it, and answers with what became of it. A repeat
 * of a placement is answered as the placement was answered first.
 */
@Singleton
public class PlaceOrderHandler {
    private static final Logger LOG = Logger.getLogger(PlaceOrderHandler.class);

    private final CommandGateway gateway;
    private final CommandJournal journal;
    private final MarketDirectory markets;
    private final RecentPlacements recent;
    private final OrderQueries queries;
    private final Executor worker;
    private final MeterRegistry metrics;
    private final ConcurrentHashMap<String, Counter> outcomes = new ConcurrentHashMap<>();

    PlaceOrderHandler(
            CommandGateway gateway,
            CommandJournal journal,
            MarketDirectory markets,
            RecentPlacements recent,
            OrderQueries queries,
            ManagedExecutor worker,
            MeterRegistry metrics) {
        this.gateway = gateway;
        this.journal = journal;
        this.markets = markets;
        this.recent = recent;
        this.queries = queries;
        this.worker = worker;
        this.metrics = metrics;
    }

    /** Places an order of {@code user}; with the nonce of their agent, if one sent it. */
    public CompletionStage<Outcome> handle(UserId user, NewOrder wish, @Nullable AgentNonce nonce) {
        return place(journal.nextId(), user, wish, nonce);
    }

    /**
     * Places several orders of {@code user}, each for itself, and in this order. Those that reach
     * the same market are decided there one after the other.
     */
    public CompletionStage<List<Outcome>> handle(UserId user, List<NewOrder> wishes, Reach reach) {
        List<CompletionStage<Outcome>> outcomes = new ArrayList<>(wishes.size());
        for (int i = 0; i < wishes.size(); i++) {
            outcomes.add(placeIfItCan(user, wishes.get(i), reach.part(i).nonce()));
        }
        return Together.all(outcomes);
    }

    /** What befalls one of several orders is its own outcome: the others are under way. */
    private CompletionStage<Outcome> placeIfItCan(
            UserId user, NewOrder wish, @Nullable AgentNonce nonce) {
        OrderId orderId;
        try {
            orderId = journal.nextId();
        } catch (JournalUnavailableException none) {
            return new Outcome.Shed().now();
        }
        return CompletableFuture.completedFuture(orderId)
                .thenCompose(id -> place(id, user, wish, nonce))
                .exceptionally(
                        failure -> {
                            LOG.warnf(failure, "one order of several failed");
                            return new Outcome.Unknown(orderId);
                        });
    }

    private CompletionStage<Outcome> place(
            OrderId orderId, UserId user, NewOrder wish, @Nullable AgentNonce nonce) {
        PlaceOrder order = command(orderId, user, wish, nonce, null);
        recent.add(order);
        return gateway.place(wish.reduceOnly(), reply -> command(orderId, user, wish, nonce, reply))
                .thenCompose(answer -> outcome(answer, order))
                .whenComplete((outcome, failure) -> count(outcome));
    }

    private static PlaceOrder command(
            OrderId orderId,
            UserId user,
            NewOrder wish,
            @Nullable AgentNonce nonce,
            @Nullable Reply reply) {
        return new PlaceOrder(
                orderId,
                user,
                wish.subaccount(),
                wish.market().id(),
                wish.clientOrderId(),
                wish.side(),
                wish.type(),
                wish.timeInForce(),
                wish.price(),
                wish.size(),
                wish.reduceOnly(),
                wish.selfTrade(),
                wish.validUntilMillis(),
                Gateway.issuedAtMillis(orderId.value()),
                reply,
                nonce);
    }

    private CompletionStage<Outcome> outcome(Answer answer, PlaceOrder order) {
        return switch (answer) {
            case Answer.Decided(OrderEvent event) -> decided(event, order);
            case Answer.Undecided() -> new Outcome.Pending(pending(order)).now();
            case Answer.Unconfirmed() -> new Outcome.Unknown(order.orderId()).now();
            case Answer.Shed() -> {
                recent.remove(order.orderId());
                yield new Outcome.Shed().now();
            }
        };
    }

    private CompletionStage<Outcome> decided(OrderEvent event, PlaceOrder order) {
        return switch (event) {
            case OrderOpened opened -> new Outcome.Done(pending(order).after(opened)).now();
            case OrderClosed closed when closed.refusal() != null ->
                    new Outcome.Refused(closed.refusal(), order.orderId()).now();
            case OrderClosed closed -> new Outcome.Done(pending(order).after(closed)).now();
            case CommandRefused refused -> {
                recent.remove(order.orderId());
                yield new Outcome.Refused(refused.refusal(), refused.orderId()).now();
            }
            case CommandRepeated repeated -> {
                recent.remove(order.orderId());
                yield CompletableFuture.supplyAsync(
                        () -> queries.firstAnswer(repeated.orderId(), order), worker);
            }
            default ->
                    throw new IllegalStateException(
                            event.getClass().getSimpleName() + " ends no placement");
        };
    }

    private OrderView pending(PlaceOrder order) {
        return OrderView.pending(order, markets.symbolOf(order.market()));
    }

    private void count(Outcome outcome) {
        String label =
                switch (outcome) {
                    case null -> "FAILED";
                    case Outcome.Done(OrderView order) -> order.status().name();
                    case Outcome.Refused(Refusal refusal, OrderId order) -> refusal.name();
                    case Outcome.Pending pending -> OrderStatus.PENDING.name();
                    case Outcome.Unknown unknown -> "OUTCOME_UNKNOWN";
                    case Outcome.Shed shed -> "OVERLOADED";
                };
        // The registry's own look-up makes tags and an id each time.
        outcomes.computeIfAbsent(label, name -> metrics.counter("perpetua.orders", "outcome", name))
                .increment();
    }
}
