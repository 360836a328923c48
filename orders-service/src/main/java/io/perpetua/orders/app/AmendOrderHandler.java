package io.perpetua.orders.app;

import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Reach;
import io.perpetua.eventlog.Gateway;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes an open order's price, total size, or both; what is null stays. */
@ApplicationScoped
public class AmendOrderHandler {
    private final CommandGateway gateway;
    private final CommandJournal journal;
    private final OrderFinder finder;
    private final FirstAnswers firstAnswers;

    AmendOrderHandler(
            CommandGateway gateway,
            CommandJournal journal,
            OrderFinder finder,
            FirstAnswers firstAnswers) {
        this.gateway = gateway;
        this.journal = journal;
        this.finder = finder;
        this.firstAnswers = firstAnswers;
    }

    /** Amends the order {@code orderId} of {@code user}. */
    public CompletionStage<Outcome> handle(
            UserId user,
            OrderId orderId,
            @Nullable Price price,
            @Nullable Quantity size,
            Reach reach) {
        return finder.whenOpen(
                orderId, user, reach, found -> amend(user, found, price, size, reach));
    }

    private CompletionStage<Outcome> amend(
            UserId user,
            FoundOrder found,
            @Nullable Price price,
            @Nullable Quantity size,
            Reach reach) {
        OrderView order = found.order();
        OrderId commandId = journal.nextId();
        return gateway.send(
                        reply ->
                                new AmendOrder(
                                        commandId,
                                        user,
                                        order.subaccountId(),
                                        found.market(),
                                        order.orderId(),
                                        null,
                                        price,
                                        size,
                                        Gateway.issuedAtMillis(commandId.value()),
                                        reply,
                                        reach.nonce()))
                .thenCompose(answer -> firstAnswers.of(answer, user))
                .thenApply(answer -> answer.about(order));
    }
}
