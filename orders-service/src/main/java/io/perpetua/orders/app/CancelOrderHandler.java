package io.perpetua.orders.app;

import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Gateway;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/** Cancels an open order by its id. */
@Singleton
public class CancelOrderHandler {
    private final CommandGateway gateway;
    private final CommandJournal journal;
    private final OrderFinder finder;

    CancelOrderHandler(CommandGateway gateway, CommandJournal journal, OrderFinder finder) {
        this.gateway = gateway;
        this.journal = journal;
        this.finder = finder;
    }

    /** Cancels the order {@code orderId} of {@code user}. */
    public CompletionStage<Outcome> handle(UserId user, OrderId orderId) {
        return finder.whenOpen(orderId, user, found -> cancel(user, found));
    }

    private CompletionStage<Outcome> cancel(UserId user, FoundOrder found) {
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
                                        reply))
                .thenApply(answer -> answer.about(order));
    }
}
