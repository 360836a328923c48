package io.perpetua.eventlog;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command that was sent and whose outcome is awaited.
 *
 * @param journalled completes when the log has the command for good; fails when that is not known
 * @param outcome completes with what became of the command; fails at once when {@code journalled}
 *     does; whoever stops waiting for it ends the wait
 */
public record AwaitedCommand<T>(CompletionStage<Void> journalled, CompletableFuture<T> outcome) {

    /**
     * Registers a wait, then sends.
     *
     * @param send sends the command with this reply address, as {@link Eventlog#send} does
     * @param decode reads the outcome; what it throws fails the outcome
     * @throws java.util.concurrent.RejectedExecutionException when too many are waiting already
     */
    public static <T> AwaitedCommand<T> send(
            ReplyTail replies,
            Function<String, CompletionStage<Void>> send,
            Function<byte[], T> decode) {
        ReplyTail.Wait wait = replies.expect();
        CompletableFuture<T> outcome = new CompletableFuture<>();
        var _ =
                wait.outcome()
                        .whenComplete(
                                (bytes, failure) -> complete(outcome, bytes, failure, decode));
        var _ = outcome.whenComplete((event, failure) -> wait.outcome().cancel(false));
        CompletionStage<Void> journalled =
                send.apply(wait.reply()).whenComplete((done, failure) -> fail(outcome, failure));
        return new AwaitedCommand<>(journalled, outcome);
    }

    private static <T> void complete(
            CompletableFuture<T> outcome,
            byte @Nullable [] bytes,
            @Nullable Throwable failure,
            Function<byte[], T> decode) {
        if (bytes == null) {
            fail(outcome, failure);
            return;
        }
        try {
            outcome.complete(decode.apply(bytes));
        } catch (RuntimeException unreadable) {
            outcome.completeExceptionally(unreadable);
        }
    }

    private static void fail(CompletableFuture<?> outcome, @Nullable Throwable failure) {
        if (failure != null) {
            outcome.completeExceptionally(failure);
        }
    }
}
