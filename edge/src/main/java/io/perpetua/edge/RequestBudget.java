package io.perpetua.edge;

import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** What the request under way is charged; to be injected where only the body tells the class. */
@RequestScoped
public class RequestBudget {
    private final RateBudgets budgets;
    private RateClass declared = RateClass.READ;
    private @Nullable UserId user;
    private @Nullable Long agent;
    private long network;
    private RateBudgets.@Nullable Charge charge;

    /** Of a request that is charged nothing yet. */
    public RequestBudget(RateBudgets budgets) {
        this.budgets = budgets;
    }

    /**
     * Charges the request, once.
     *
     * @throws ProblemException 429 when the budget is spent
     */
    public void charge(RateClass rateClass) {
        charge(rateClass, 1);
    }

    /**
     * Charges the request, once, as so many: one that asks for several things costs what they would
     * cost one by one.
     *
     * @throws ProblemException 429 when the budget has fewer
     */
    public void charge(RateClass rateClass, int times) {
        RateBudgets.Charge made = budgets.charge(rateClass, user, agent, network, times);
        charge = made;
        if (!made.passed()) {
            throw made.problem(rateClass).exception();
        }
    }

    void begin(RateClass rateClass, @Nullable UserId caller, @Nullable Long ofAgent, long address) {
        declared = rateClass;
        user = caller;
        agent = ofAgent;
        network = address;
    }

    /** Whether a charge of the declared class would be refused. */
    boolean isSpent() {
        return budgets.isSpent(declared, user, agent, network);
    }

    /** Refuses the request unread when, whatever its body says, its budget is spent. */
    void refuseUnread() {
        if (budgets.isSpent(declared, user, agent, network)
                && budgets.isSpent(RateClass.CANCEL, user, agent, network)) {
            charge(declared);
        }
    }

    /**
     * What the request was charged. One that failed before its class was told is charged now, to
     * whichever has something left, so that malformed bodies cost as much as others.
     */
    RateBudgets.Charge settled() {
        RateBudgets.Charge made = charge;
        if (made == null) {
            RateClass open =
                    budgets.isSpent(declared, user, agent, network) ? RateClass.CANCEL : declared;
            made = budgets.charge(open, user, agent, network, 1);
            charge = made;
        }
        return made;
    }
}
