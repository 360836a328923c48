package io.perpetua.accounts.app;

import io.smallrye.config.WithDefault;

/**
 * How the simulated custodian behaves, {@code perpetua.accounts.simulated-custody.*}. All that can
 * go wrong with a real one can be made to: percentages are of transfers, or of calls.
 */
public interface SimulatedCustodyConfig {
    /** Whether there is a simulated custodian; without one nothing can be withdrawn. */
    @WithDefault("false")
    boolean enabled();

    /** How long a call takes. */
    @WithDefault("0")
    int answerMillis();

    /** How long a transfer takes from the call to its end. */
    @WithDefault("500")
    int transferMillis();

    /** How many calls fail before anything is booked. */
    @WithDefault("0")
    int unreachablePercent();

    /** How many calls are booked, and their answer is lost. */
    @WithDefault("0")
    int lostAnswerPercent();

    /** How many transfers are declined. */
    @WithDefault("0")
    int declinedPercent();

    /** How many transfers are taken over and fail. */
    @WithDefault("0")
    int failedPercent();

    /** How often each end of a transfer is told; 0 leaves it to be asked for. */
    @WithDefault("1")
    int notices();

    /** Of its luck: what goes wrong follows from it and from the order of the calls. */
    @WithDefault("0")
    long seed();
}
