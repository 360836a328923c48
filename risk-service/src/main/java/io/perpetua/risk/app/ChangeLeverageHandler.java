package io.perpetua.risk.app;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.risk.ChangeLeverage;
import io.perpetua.contracts.risk.LeverageChangeRefused;
import io.perpetua.contracts.risk.LeverageChanged;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Changes the leverage of a subaccount in a market. The user's shard decides; asking again for the
 * same leverage does no harm.
 */
@ApplicationScoped
public class ChangeLeverageHandler {
    /** What became of it. */
    public sealed interface Outcome {
        /** The leverage is as asked for. */
        record Changed(int leverage) implements Outcome {}

        /** The old one stands. */
        record Refused(Refusal refusal) implements Outcome {}

        /** It can't be lost, and is not decided yet. */
        record Pending() implements Outcome {}

        /** It may be lost or not. */
        record Unknown() implements Outcome {}

        /** Too much is under way; it was not sent. */
        record Shed() implements Outcome {}
    }

    private final RiskJournal journal;
    private final RiskConfig config;
    private final Clock clock;

    ChangeLeverageHandler(RiskJournal journal, RiskConfig config, Clock clock) {
        this.journal = journal;
        this.config = config;
        this.clock = clock;
    }

    /** Asks for {@code leverage}. */
    public CompletionStage<Outcome> handle(
            UserId user, SubaccountId subaccount, MarketId market, int leverage) {
        RiskJournal.Submission submission;
        try {
            submission =
                    journal.submit(
                            reply ->
                                    new ChangeLeverage(
                                            journal.nextId(),
                                            user,
                                            subaccount,
                                            market,
                                            leverage,
                                            clock.millis(),
                                            reply));
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(new Outcome.Shed());
        }
        CompletableFuture<Void> journalled = submission.journalled().toCompletableFuture();
        return submission
                .outcome()
                .toCompletableFuture()
                .orTimeout(config.answerWithinMillis(), TimeUnit.MILLISECONDS)
                .handle(
                        (event, failure) ->
                                failure == null ? decided(event) : undecided(journalled));
    }

    private static Outcome decided(PositionEvent event) {
        return switch (event) {
            case LeverageChanged changed -> new Outcome.Changed(changed.leverage());
            case LeverageChangeRefused refused -> new Outcome.Refused(refused.refusal());
        };
    }

    private static Outcome undecided(CompletableFuture<Void> journalled) {
        return journalled.isDone() && !journalled.isCompletedExceptionally()
                ? new Outcome.Pending()
                : new Outcome.Unknown();
    }
}
