package io.perpetua.orders.app;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.microprofile.context.ManagedExecutor;

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

    /** Goes on with the order; answers at once when there is none or it has ended for good. */
    CompletionStage<Outcome> whenOpen(
            OrderId orderId, UserId user, Function<FoundOrder, CompletionStage<Outcome>> then) {
        return find(orderId, user)
                .thenCompose(
                        found -> {
                            if (found.isEmpty()) {
                                return new Outcome.Refused(Refusal.ORDER_UNKNOWN, orderId).now();
                            }
                            return found.get().order().isClosed()
                                    ? new Outcome.Refused(Refusal.ORDER_CLOSED, orderId).now()
                                    : then.apply(found.get());
                        });
    }

    private CompletionStage<Optional<FoundOrder>> find(OrderId orderId, UserId user) {
        Optional<FoundOrder> known =
                recent.find(orderId, user)
                        .map(
                                order ->
                                        new FoundOrder(
                                                order.market(),
                                                OrderView.pending(
                                                        order, markets.symbolOf(order.market()))));
        return known.isPresent()
                ? CompletableFuture.completedFuture(known)
                : CompletableFuture.supplyAsync(() -> queries.locate(user, orderId), worker);
    }
}
