package io.perpetua.edge;

/** Ends a request with a problem. Carries no stack trace: it is an answer, not a defect. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final long retryAfterSeconds;

    /**
     * Ends the request with {@code problem}; where a retry could help, not before {@code
     * retryAfterSeconds}.
     */
    public ProblemException(Problem problem, long retryAfterSeconds) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** The answer. */
    public Problem problem() {
        return problem;
    }

    /** When a retry could help, where one could. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
