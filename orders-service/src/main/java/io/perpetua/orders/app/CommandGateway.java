package io.perpetua.orders.app;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.OrderCommand;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends client commands and waits for their outcomes, without holding a thread. Every command gets
 * exactly one answer, within the time allowed.
 */
@ApplicationScoped
class CommandGateway {
    private final CommandJournal journal;
    private final OrdersConfig config;

    CommandGateway(CommandJournal journal, OrdersConfig config) {
        this.journal = journal;
        this.config = config;
    }

    /** Sends a new order, unless too many commands are under way. */
    CompletionStage<Answer> place(Function<Reply, OrderCommand> command) {
        if (journal.waiting() >= config.placementsWaitingMax()) {
            return CompletableFuture.completedFuture(new Answer.Shed());
        }
        return send(command);
    }

    /** Sends what takes load away: a cancel or an amendment. */
    CompletionStage<Answer> send(Function<Reply, OrderCommand> command) {
        CommandJournal.Submission submission;
        try {
            submission = journal.submit(command);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(new Answer.Shed());
        }
        CompletableFuture<Void> journalled = submission.journalled().toCompletableFuture();
        return submission
                .outcome()
                .orTimeout(config.answerWithinMillis(), TimeUnit.MILLISECONDS)
                .handle(
                        (event, failure) ->
                                failure == null
                                        ? new Answer.Decided(event)
                                        : unanswered(journalled));
    }

    private static Answer unanswered(CompletableFuture<Void> journalled) {
        return journalled.isDone() && !journalled.isCompletedExceptionally()
                ? new Answer.Undecided()
                : new Answer.Unconfirmed();
    }
}
