package io.perpetua.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class AwaitedCommandTest {
    private final CompletableFuture<byte[]> wait = new CompletableFuture<>();
    private final CompletableFuture<Void> sending = new CompletableFuture<>();
    private final AwaitedCommand<Integer> command =
            AwaitedCommand.send(
                    tail(wait),
                    reply -> {
                        assertThat(reply).isEqualTo("3:7");
                        return sending;
                    },
                    AwaitedCommandTest::number);

    @Test
    void shouldReadTheOutcomeThatItsWaitIsGiven() {
        sending.complete(null);
        assertThat(command.outcome()).isNotDone();

        wait.complete("42".getBytes(StandardCharsets.US_ASCII));

        assertThat(command.journalled()).isCompleted();
        assertThat(command.outcome()).isCompletedWithValue(42);
    }

    @Test
    void shouldFailTheOutcomeWhenItCannotBeRead() {
        wait.complete("no number".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(command.outcome()::get).hasCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void shouldFailTheOutcomeAndEndTheWaitWhenTheCommandIsNotSent() {
        sending.completeExceptionally(new IllegalStateException("no broker"));

        assertThatThrownBy(command.outcome()::get).hasRootCauseMessage("no broker");
        assertThat(wait).isCancelled();
    }

    @Test
    void shouldEndTheWaitWhenNobodyAwaitsTheOutcomeAnyMore() {
        command.outcome().cancel(false);

        assertThat(wait).isCancelled();
    }

    @Test
    void shouldFailTheOutcomeWhenTheWaitIsEnded() {
        wait.cancel(false);

        assertThat(command.outcome()).isCancelled();
    }

    @Test
    void shouldSendNothingWhenTooManyAreWaiting() {
        ReplyTail full =
                new ReplyTail() {
                    @Override
                    public Wait expect() {
                        throw new RejectedExecutionException("full");
                    }

                    @Override
                    public int waiting() {
                        return 1;
                    }
                };

        assertThatThrownBy(
                        () ->
                                AwaitedCommand.send(
                                        full,
                                        reply -> {
                                            throw new AssertionError("sent " + reply);
                                        },
                                        AwaitedCommandTest::number))
                .isInstanceOf(RejectedExecutionException.class);
    }

    private static Integer number(byte[] digits) {
        return Integer.valueOf(new String(digits, StandardCharsets.US_ASCII));
    }

    private static ReplyTail tail(CompletableFuture<byte[]> outcome) {
        return new ReplyTail() {
            @Override
            public Wait expect() {
                return new Wait("3:7", outcome);
            }

            @Override
            public int waiting() {
                return 1;
            }
        };
    }
}
