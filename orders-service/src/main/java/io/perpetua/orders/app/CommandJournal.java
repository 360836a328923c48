package io.perpetua.orders.app;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The journal of client commands, and the way of their outcomes back: what the gateway needs of the
 * log.
 */
public interface CommandJournal {
    /** A new id for an order or another command, larger than all this gateway issued before. */
    OrderId nextId();

    /**
     * Registers a wait, then sends the command made for it.
     *
     * @throws RejectedExecutionException when too many are waiting already
     */
    Submission submit(Function<Reply, OrderCommand> command);

    /**
     * Looks a placement up in the journal, by the time its id carries. Blocks.
     *
     * @throws JournalUnavailableException when the journal can't be read now
     */
    Optional<PlaceOrder> find(OrderId orderId, UserId user);

    /**
     * A command on its way.
     *
     * @param journalled completes when the journal has the command for good; fails when that is not
     *     known
     * @param outcome completes with the event that ends the command; fails at once when {@code
     *     journalled} does; whoever stops waiting for it ends it
     */
    record Submission(CompletionStage<Void> journalled, CompletableFuture<OrderEvent> outcome) {}

    /** The journal can't be read now. */
    final class JournalUnavailableException extends RuntimeException {
        /** With what failed. */
        public JournalUnavailableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
