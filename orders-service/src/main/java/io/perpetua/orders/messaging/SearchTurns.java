package io.perpetua.orders.messaging;

import io.perpetua.contracts.value.UserId;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the searches that wait for the one that runs: each of them holds a thread, and anyone may
 * ask for orders that never were. No user can take all places.
 */
final class SearchTurns {
    /** How many searches may wait or run. */
    static final int MOST = 16;

    /** How many of them may be one user's. */
    static final int MOST_OF_A_USER = 4;

    private final Map<UserId, Integer> taken = new HashMap<>();
    private int all;

    /** Takes a place; whoever gets one gives it back. */
    synchronized boolean enter(UserId user) {
        int own = taken.getOrDefault(user, 0);
        if (all >= MOST || own >= MOST_OF_A_USER) {
            return false;
        }
        all++;
        taken.put(user, own + 1);
        return true;
    }

    synchronized void leave(UserId user) {
        all--;
        taken.computeIfPresent(user, (key, own) -> own == 1 ? null : own - 1);
    }
}
