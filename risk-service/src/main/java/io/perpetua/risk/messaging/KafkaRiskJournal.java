package io.perpetua.risk.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.UnreadableEventException;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.RiskCommand;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.ReplyTail;
import io.perpetua.risk.app.RiskJournal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The journal of commands as it is: a Kafka topic, and another's tail for the outcomes. */
@ApplicationScoped
class KafkaRiskJournal implements RiskJournal {
    private final RiskLog log;

    KafkaRiskJournal(RiskLog log) {
        this.log = log;
    }

    @Override
    public OrderId nextId() {
        return new OrderId(log.gateway().nextId());
    }

    @Override
    public Submission submit(Function<Reply, RiskCommand> command) {
        ReplyTail.Wait wait = log.replies().expect();
        CompletableFuture<PositionEvent> outcome = new CompletableFuture<>();
        var _ = wait.outcome().whenComplete((bytes, failure) -> complete(outcome, bytes, failure));
        var _ = outcome.whenComplete((event, failure) -> wait.outcome().cancel(false));
        CompletionStage<Void> journalled =
                send(command.apply(Reply.parse(wait.reply())))
                        .whenComplete((done, failure) -> fail(outcome, failure));
        return new Submission(journalled, outcome);
    }

    private static void complete(
            CompletableFuture<PositionEvent> outcome,
            byte @Nullable [] bytes,
            @Nullable Throwable failure) {
        if (bytes == null) {
            fail(outcome, failure);
            return;
        }
        try {
            outcome.complete(EventCodec.decode(PositionEvent.class, bytes));
        } catch (UnreadableEventException unreadable) {
            outcome.completeExceptionally(unreadable);
        }
    }

    private static void fail(
            CompletableFuture<PositionEvent> outcome, @Nullable Throwable failure) {
        if (failure != null) {
            outcome.completeExceptionally(failure);
        }
    }

    private CompletionStage<Void> send(RiskCommand command) {
        return log.eventlog()
                .send(
                        new Outgoing(
                                Topics.RISK_COMMANDS.name(),
                                Partitions.of(command.user()),
                                null,
                                EventCodec.encode(RiskCommand.class, command),
                                null));
    }
}
