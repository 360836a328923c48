package io.perpetua.risk.app;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.risk.RiskCommand;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Sends commands to the user's shard, and waits as long for the outcome as the config says. */
@ApplicationScoped
public class CommandSender {
    private final RiskJournal journal;
    private final RiskConfig config;

    CommandSender(RiskJournal journal, RiskConfig config) {
        this.journal = journal;
        this.config = config;
    }

    /** Sends the command that {@code command} makes for a reply address. */
    CompletionStage<CommandAnswer> send(Function<Reply, RiskCommand> command) {
        RiskJournal.Submission submission;
        try {
            submission = journal.submit(command);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(new CommandAnswer.Shed());
        }
        CompletableFuture<Void> journalled = submission.journalled().toCompletableFuture();
        return submission
                .outcome()
                .toCompletableFuture()
                .orTimeout(config.answerWithinMillis(), TimeUnit.MILLISECONDS)
                .handle(
                        (event, failure) ->
                                failure == null
                                        ? new CommandAnswer.Decided(event)
                                        : undecided(journalled));
    }

    private static CommandAnswer undecided(CompletableFuture<Void> journalled) {
        return journalled.isDone() && !journalled.isCompletedExceptionally()
                ? new CommandAnswer.Pending()
                : new CommandAnswer.Unknown();
    }
}
