package io.perpetua.orders.app;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Reach;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Finds a user's order for a command about it, without a query where this gateway placed it. What
 * is found may be behind the order's state; its market and what was asked for never change.
 */
@Singleton
class OrderFinder {
    private final RecentPlacements recent;
    private final MarketDirectory markets;
    private final OrderQueries queries;
    private final Executor worker;

    OrderFinder(
            RecentPlacements recent,
            MarketDirectory markets,
            OrderQueries queries,
            ManagedExecutor worker) {
        this.worker = worker;
        this.recent = recent;
        this.markets = markets;
        this.queries = queries;
    }

    /**
     * Goes on with the order; answers at once when there is none within reach or it has ended for
     * good. An agent's command about one that has ended goes on too: it may repeat the one that
     * ended it.
     */
    CompletionStage<Outcome> whenOpen(
            OrderId orderId,
            UserId user,
            Reach reach,
            Function<FoundOrder, CompletionStage<Outcome>> then) {
        return find(List.of(orderId), user)
                .thenCompose(found -> whenOpen(orderId, found.get(orderId), reach, then));
    }

    private static CompletionStage<Outcome> whenOpen(
            OrderId orderId,
            @Nullable FoundOrder found,
            Reach reach,
            Function<FoundOrder, CompletionStage<Outcome>> then) {
        if (found == null || !isWithin(reach, found)) {
            return new Outcome.Refused(Refusal.ORDER_UNKNOWN, orderId).now();
        }
        return found.order().isClosed() && reach.nonce() == null
                ? new Outcome.Refused(Refusal.ORDER_CLOSED, orderId).now()
                : then.apply(found);
    }

    /**
     * The same of several orders, with one query for all that this gateway did not place; the
     * command about the n-th is the n-th part of the request. The outcomes come in the order of the
     * ids.
     */
    CompletionStage<List<Outcome>> eachWhenOpen(
            List<OrderId> orderIds,
            UserId user,
            Reach reach,
            BiFunction<FoundOrder, Reach, CompletionStage<Outcome>> then) {
        return find(orderIds, user)
                .thenCompose(
                        found -> {
                            List<CompletionStage<Outcome>> outcomes = new ArrayList<>();
                            for (int i = 0; i < orderIds.size(); i++) {
                                OrderId id = orderIds.get(i);
                                Reach part = reach.part(i);
                                outcomes.add(
                                        whenOpen(
                                                id,
                                                found.get(id),
                                                part,
                                                order -> then.apply(order, part)));
                            }
                            return Together.all(outcomes);
                        });
    }

    private static boolean isWithin(Reach reach, FoundOrder found) {
        return reach.permits(found.order().subaccountId(), found.market());
    }

    private CompletionStage<Map<OrderId, FoundOrder>> find(List<OrderId> orderIds, UserId user) {
        Map<OrderId, FoundOrder> known = new HashMap<>();
        List<OrderId> unknown = new ArrayList<>();
        for (OrderId id : orderIds) {
            recent(id, user).ifPresentOrElse(order -> known.put(id, order), () -> unknown.add(id));
        }
        if (unknown.isEmpty()) {
            return CompletableFuture.completedFuture(known);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    known.putAll(queries.locate(user, unknown));
                    return known;
                },
                worker);
    }

    private Optional<FoundOrder> recent(OrderId orderId, UserId user) {
        return recent.find(orderId, user)
                .map(
                        order ->
                                new FoundOrder(
                                        order.market(),
                                        OrderView.pending(
                                                order, markets.symbolOf(order.market()))));
    }
}
