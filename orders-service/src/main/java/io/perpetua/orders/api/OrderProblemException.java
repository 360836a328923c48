package io.perpetua.orders.api;

import org.jspecify.annotations.Nullable;

/** Ends a request with a problem of an order. Carries no stack trace: it is an answer. */
final class OrderProblemException extends RuntimeException {
    private final transient OrderProblem problem;
    private final transient @Nullable String retryAfterSeconds;

    OrderProblemException(OrderProblem problem, @Nullable String retryAfterSeconds) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    OrderProblem problem() {
        return problem;
    }

    @Nullable String retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
