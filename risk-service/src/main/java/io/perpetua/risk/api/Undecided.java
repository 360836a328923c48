package io.perpetua.risk.api;

import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import io.perpetua.risk.app.CommandAnswer;

/** What commands look like over HTTP of which it isn't known whether they took effect. */
final class Undecided {
    private Undecided() {}

    static ProblemException problem(CommandAnswer.Unknown answer, String command) {
        return Problem.of(
                        503,
                        "OUTCOME_UNKNOWN",
                        "the " + command + " may have taken effect or not; repeat it")
                .exception();
    }

    static ProblemException problem(CommandAnswer.Shed answer) {
        return Problem.of(503, "OVERLOADED", "too much is under way; repeat it later").exception();
    }
}
