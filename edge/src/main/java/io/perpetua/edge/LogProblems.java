package io.perpetua.edge;

import java.util.List;

/** A service's part in the log, as {@link LogReadiness} sees it; every service has one. */
@FunctionalInterface
public interface LogProblems {
    /** What is not well, or not loaded yet, named; nothing when all is. */
    List<String> problems();
}
