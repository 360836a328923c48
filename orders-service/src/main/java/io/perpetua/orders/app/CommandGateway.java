package io.perpetua.orders.app;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.orders.app.CommandsUnderWay.Kind;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends client commands and waits for their outcomes, without holding a thread. Every command gets
 * exactly one answer, within the time allowed.
 */
@Singleton
class CommandGateway {
    private final CommandJournal journal;
    private final CommandsUnderWay underWay;
    private final OrdersConfig config;

    CommandGateway(CommandJournal journal, CommandsUnderWay underWay, OrdersConfig config) {
        this.journal = journal;
        this.underWay = underWay;
        this.config = config;
    }

    /** Sends a new order, unless too much is under way for one of its kind. */
    CompletionStage<Answer> place(boolean reduceOnly, Function<Reply, OrderCommand> command) {
        return send(reduceOnly ? Kind.REDUCTION : Kind.PLACEMENT, command);
    }

    /** Sends a cancel or an amendment, as long as the log takes any. */
    CompletionStage<Answer> send(Function<Reply, OrderCommand> command) {
        return send(Kind.OTHER, command);
    }

    private CompletionStage<Answer> send(Kind kind, Function<Reply, OrderCommand> command) {
        if (!underWay.enter(kind)) {
            return CompletableFuture.completedFuture(new Answer.Shed());
        }
        CommandJournal.Submission submission;
        try {
            submission = journal.submit(command);
        } catch (RejectedExecutionException full) {
            underWay.leave(kind);
            return CompletableFuture.completedFuture(new Answer.Shed());
        } catch (RuntimeException failed) {
            underWay.leave(kind);
            throw failed;
        }
        underWay.await(kind, submission.outcome());
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
