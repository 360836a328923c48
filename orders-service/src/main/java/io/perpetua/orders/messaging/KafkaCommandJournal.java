package io.perpetua.orders.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.UnreadableEventException;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.ReplyTail;
import io.perpetua.orders.app.CommandJournal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The journal as it is: a Kafka topic for the commands, another's tail for the outcomes. */
@ApplicationScoped
class KafkaCommandJournal implements CommandJournal {
    private final OrdersLog log;

    KafkaCommandJournal(OrdersLog log) {
        this.log = log;
    }

    @Override
    public OrderId nextId() {
        try {
            return new OrderId(log.joined().gateway().nextId());
        } catch (IllegalStateException leaseRanOut) {
            throw new JournalUnavailableException("no ids can be issued now", leaseRanOut);
        }
    }

    @Override
    public Submission submit(Function<Reply, OrderCommand> command) {
        ReplyTail.Wait wait = log.joined().replies().expect();
        CompletableFuture<OrderEvent> outcome = new CompletableFuture<>();
        var _ = wait.outcome().whenComplete((bytes, failure) -> complete(outcome, bytes, failure));
        var _ = outcome.whenComplete((event, failure) -> wait.outcome().cancel(false));
        CompletionStage<Void> journalled =
                send(command.apply(Reply.parse(wait.reply())))
                        .whenComplete((done, failure) -> fail(outcome, failure));
        return new Submission(journalled, outcome);
    }

    private static void complete(
            CompletableFuture<OrderEvent> outcome,
            byte @Nullable [] bytes,
            @Nullable Throwable failure) {
        if (bytes == null) {
            fail(outcome, failure);
            return;
        }
        try {
            outcome.complete(EventCodec.decode(OrderEvent.class, bytes));
        } catch (UnreadableEventException unreadable) {
            outcome.completeExceptionally(unreadable);
        }
    }

    private static void fail(CompletableFuture<OrderEvent> outcome, @Nullable Throwable failure) {
        if (failure != null) {
            outcome.completeExceptionally(failure);
        }
    }

    private CompletionStage<Void> send(OrderCommand command) {
        return log.joined()
                .eventlog()
                .send(
                        new Outgoing(
                                Topics.ORDER_COMMANDS.name(),
                                Partitions.of(command.user()),
                                null,
                                EventCodec.encode(OrderCommand.class, command),
                                null));
    }

    @Override
    public Optional<PlaceOrder> find(OrderId orderId, UserId user) {
        return log.joined().search().find(orderId, user);
    }
}
