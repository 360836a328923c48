package io.perpetua.orders.api;

import io.perpetua.edge.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many commands one request may have. */
final class Batches {
    static final int MOST = 20;

    private Batches() {}

    /**
     * Goes on only with 1 to {@link #MOST} commands.
     *
     * @throws io.perpetua.edge.ProblemException naming {@code field}, or the missing item of it
     */
    static void check(String field, List<? extends @Nullable Object> commands) {
        if (commands.isEmpty() || commands.size() > MOST) {
            throw Problem.fieldInvalid(field, "'" + field + "' has 1 to " + MOST + " items")
                    .exception();
        }
        int missing = commands.indexOf(null);
        if (missing >= 0) {
            throw Problem.fieldMissing(field + "[" + missing + "]").exception();
        }
    }
}
