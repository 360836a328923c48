package io.perpetua.edge;

/** Ends a request with a problem. Carries no stack trace: it is an answer, not a defect. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    /** Ends the request with {@code problem}. */
    public ProblemException(Problem problem) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** The answer. */
    public Problem problem() {
        return problem;
    }
}
