package io.perpetua.orders.app;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Reach;
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
        return find(orderId, user)
                .thenCompose(
                        found -> {
                            if (found.isEmpty() || !isWithin(reach, found.get())) {
                                return new Outcome.Refused(Refusal.ORDER_UNKNOWN, orderId).now();
                            }
                            return found.get().order().isClosed() && reach.nonce() == null
                                    ? new Outcome.Refused(Refusal.ORDER_CLOSED, orderId).now()
                                    : then.apply(found.get());
                        });
    }

    private static boolean isWithin(Reach reach, FoundOrder found) {
        return reach.permits(found.order().subaccountId(), found.market());
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
