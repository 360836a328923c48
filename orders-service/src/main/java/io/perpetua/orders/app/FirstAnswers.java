package io.perpetua.orders.app;

import io.perpetua.contracts.orders.CommandRepeated;
import io.perpetua.contracts.value.UserId;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.context.ManagedExecutor;

/** Finds what a cancel or an amendment was answered first, when an agent repeats it. */
@Singleton
class FirstAnswers {
    private final OrderQueries queries;
    private final Executor worker;

    FirstAnswers(OrderQueries queries, ManagedExecutor worker) {
        this.queries = queries;
        this.worker = worker;
    }

    /** The answer itself, or the first one if it says that the command was repeated. */
    CompletionStage<Answer> of(Answer answer, UserId user) {
        return answer instanceof Answer.Decided(CommandRepeated repeated)
                ? CompletableFuture.supplyAsync(
                        () -> new Answer.Decided(queries.agentAnswer(user, repeated.orderId())),
                        worker)
                : CompletableFuture.completedFuture(answer);
    }
}
