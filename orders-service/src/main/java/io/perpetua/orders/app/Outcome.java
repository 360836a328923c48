package io.perpetua.orders.app;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a client is told about a command that concerns one order. */
public sealed interface Outcome {
    /** It took effect; the order stands as given. */
    record Done(OrderView order) implements Outcome {}

    /** What the client is told as a problem: it was refused or not taken, or nobody can say. */
    sealed interface Failed extends Outcome {}

    /** It was refused; {@code orderId} is the order it was about, where known. */
    record Refused(Refusal refusal, @Nullable OrderId orderId) implements Failed {}

    /** It is journalled and will be decided; {@code order} is what was known of it before. */
    record Pending(OrderView order) implements Outcome {}

    /** Whether it will take effect is not known; {@code orderId} is the order it was about. */
    record Unknown(OrderId orderId) implements Failed {}

    /** It was not taken, because too much is under way. */
    record Shed() implements Failed {}

    /** This outcome, already known. */
    default CompletionStage<Outcome> now() {
        return CompletableFuture.completedFuture(this);
    }
}
