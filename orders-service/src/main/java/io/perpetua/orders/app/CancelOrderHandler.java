package io.perpetua.orders.app;

import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Reach;
import io.perpetua.eventlog.Gateway;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Cancels an open order by its id. */
@Singleton
public class CancelOrderHandler {
    private static final Logger LOG = Logger.getLogger(CancelOrderHandler.class);

    private final CommandGateway gateway;
    private final CommandJournal journal;
    private final OrderFinder finder;
    private final FirstAnswers firstAnswers;

    CancelOrderHandler(
            CommandGateway gateway,
            CommandJournal journal,
            OrderFinder finder,
            FirstAnswers firstAnswers) {
        this.gateway = gateway;
        this.journal = journal;
        this.finder = finder;
        this.firstAnswers = firstAnswers;
    }

    /** Cancels the order {@code orderId} of {@code user}. */
    public CompletionStage<Outcome> handle(UserId user, OrderId orderId, Reach reach) {
        return finder.whenOpen(orderId, user, reach, found -> cancel(user, found, reach));
    }

    /** Cancels several orders of {@code user}, each for itself, and in this order. */
    public CompletionStage<List<Outcome>> handle(UserId user, List<OrderId> orderIds, Reach reach) {
        return finder.eachWhenOpen(
                orderIds, user, reach, (found, part) -> cancelIfItCan(user, found, part));
    }

    private CompletionStage<Outcome> cancelIfItCan(UserId user, FoundOrder found, Reach part) {
        return CompletableFuture.completedFuture(found)
                .thenCompose(order -> cancel(user, order, part))
                .exceptionally(
                        failure -> {
                            LOG.warnf(failure, "one cancel of several failed");
                            return new Outcome.Unknown(found.order().orderId());
                        });
    }

    private CompletionStage<Outcome> cancel(UserId user, FoundOrder found, Reach reach) {
        OrderView order = found.order();
        OrderId commandId = journal.nextId();
        return gateway.send(
                        reply ->
                                new CancelOrder(
                                        commandId,
                                        user,
                                        order.subaccountId(),
                                        found.market(),
                                        order.orderId(),
                                        null,
                                        Gateway.issuedAtMillis(commandId.value()),
                                        reply,
                                        reach.nonce()))
                .thenCompose(answer -> firstAnswers.of(answer, user))
                .thenApply(answer -> answer.about(order));
    }
}
