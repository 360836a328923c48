package io.perpetua.accounts.api;

/** Ends a request with what keeps a user from leaving. Carries no stack trace: it is an answer. */
final class ClosingProblemException extends RuntimeException {
    private final transient ClosingProblem problem;

    ClosingProblemException(ClosingProblem problem) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    ClosingProblem problem() {
        return problem;
    }
}
