package io.perpetua.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * How many requests a user and a client address may send. The defaults stand in edge's {@code
 * microprofile-config.properties}.
 */
@ConfigMapping(prefix = "perpetua.budgets")
public interface BudgetsConfig {
    /**
     * All budgets in percent of what they say. Each process counts for itself: N replicas let at
     * most N times a budget pass, so that 100 / N keeps the whole within it.
     */
    @WithDefault("100")
    int percent();

    /** Budgets of users remembered, each class its own; beyond it the longest unused are full. */
    @WithDefault("50000")
    int usersMax();

    /** The same of agents, each of which has half of its user's budgets. */
    @WithDefault("50000")
    int agentsMax();

    /** The same of client addresses. */
    @WithDefault("50000")
    int addressesMax();

    /** Of {@link RateClass#ORDER_ENTRY}. */
    Budget orderEntry();

    /** Of {@link RateClass#CANCEL}. */
    Budget cancel();

    /** Of {@link RateClass#WRITE}. */
    Budget write();

    /** Of {@link RateClass#READ}. */
    Budget read();

    /** Of {@link RateClass#SECRET}. */
    Budget secret();

    /** Of {@link RateClass#SIGN_IN}. */
    Budget signIn();

    /** The budget of one class. */
    interface Budget {
        /** Requests of one user at once. */
        int userBurst();

        /** Requests that a user's budget gains in a second. */
        int userPerSecond();

        /** Requests of one client address at once. */
        int addressBurst();

        /** Requests that an address's budget gains in a second. */
        int addressPerSecond();
    }
}
