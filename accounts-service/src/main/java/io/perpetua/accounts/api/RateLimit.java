package io.perpetua.accounts.api;

import io.perpetua.accounts.app.SecretBudgets;
import io.perpetua.accounts.app.SecretBudgets.Spent;
import io.perpetua.accounts.app.SecretBudgets.Use;
import io.perpetua.edge.Caller;
import io.perpetua.edge.Problem;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The budget that the request under way draws on. */
@RequestScoped
public class RateLimit {
    private final SecretBudgets budgets;
    private final Caller caller;
    private @Nullable Spent spent;

    /** With the budgets of all. */
    public RateLimit(SecretBudgets budgets, Caller caller) {
        this.budgets = budgets;
        this.caller = caller;
    }

    /**
     * Takes one from the caller's budget.
     *
     * @throws io.perpetua.edge.ProblemException when nothing is left
     */
    public void spend(Use use) {
        Spent now = budgets.spend(use, caller.user());
        spent = now;
        if (!now.isGranted()) {
            throw Problem.of(
                            429,
                            "RATE_LIMITED",
                            "secrets are used at most " + now.limit() + " times a minute")
                    .exception();
        }
    }

    /** What the request has taken, if it got so far. */
    Optional<Spent> spent() {
        return Optional.ofNullable(spent);
    }
}
