package io.perpetua.risk.app;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.RiskCommand;
import io.perpetua.contracts.value.OrderId;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The log as handlers see it: commands go in, their outcomes come back. */
public interface RiskJournal {
    /**
     * A command under way.
     *
     * @param journalled completes when the command can't be lost any more
     * @param outcome completes with what became of it, if that comes before the wait ends
     */
    record Submission(CompletionStage<Void> journalled, CompletionStage<PositionEvent> outcome) {}

    /** An id for a new command. */
    OrderId nextId();

    /**
     * Sends the command that {@code command} makes for a reply address.
     *
     * @throws java.util.concurrent.RejectedExecutionException when too many are waiting
     */
    Submission submit(Function<Reply, RiskCommand> command);
}
