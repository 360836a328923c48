package io.perpetua.accounts.domain.admin;

import java.time.Duration;

/**
 * How long nobody may try after so many attempts that failed: the first few cost nothing, each
 * further one doubles the wait, up to a bound, so that nobody is kept out for ever. Time takes one
 * attempt back for each longest wait: whoever goes on for ever is heard no more often than that.
 */
public final class SignInBackOff {
    private static final int FREE_ATTEMPTS = 5;
    private static final int MOST_DOUBLINGS = 7;
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private SignInBackOff() {}

    /** How many of so many attempts still count when the last was so long ago. */
    public static int left(int attempts, Duration idle) {
        long takenBack = Math.max(0, idle.dividedBy(LONGEST));
        return (int) Math.max(0, attempts - takenBack);
    }

    /** The wait after {@code attempts} in a row, the one under way among them. */
    public static Duration after(int attempts) {
        if (attempts < FREE_ATTEMPTS) {
            return Duration.ZERO;
        }
        int doublings = Math.min(attempts - FREE_ATTEMPTS, MOST_DOUBLINGS);
        Duration wait = FIRST.multipliedBy(1L << doublings);
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
