package io.perpetua.accounts.domain.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When keys sign access tokens. A key is published when it is made, signs some time later, until
 * its successor does, and is published until the last token it signed has expired; so whoever
 * checks tokens knows a key before it meets a token of it, and as long as there is one.
 *
 * @param rotation how long a key signs
 * @param announcement how long it is published before; replicas look at the keys more often
 * @param longestToken how long a token is valid at most
 */
public record SigningSchedule(Duration rotation, Duration announcement, Duration longestToken) {
    private static final int MOST_KEYS = 8;

    /** Refuses times by which keys would overlap too much to be published all. */
    public SigningSchedule {
        if (announcement.isNegative()
                || announcement.isZero()
                || rotation.compareTo(announcement.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "a key has to be announced, and to sign twice as long as that at least");
        }
        Duration overlap = longestToken.plus(announcement.multipliedBy(2));
        if (overlap.dividedBy(rotation) >= MOST_KEYS) {
            throw new IllegalArgumentException(
                    "keys change too often for how long tokens are valid");
        }
    }

    /**
     * Whether a further key has to be made.
     *
     * @param signFrom of every key, the earliest first
     */
    public boolean isNewOneDue(List<Instant> signFrom, Instant now) {
        return signFrom.isEmpty()
                || !now.isBefore(signFrom.getLast().plus(rotation).minus(announcement));
    }

    /** When a key that is made now begins to sign: the first ever at once. */
    public Instant beginOfNewOne(List<Instant> signFrom, Instant now) {
        return signFrom.isEmpty() ? now : now.plus(announcement);
    }

    /** Which of the keys signs now. */
    public int signing(List<Instant> signFrom, Instant now) {
        for (int i = signFrom.size() - 1; i > 0; i--) {
            if (!signFrom.get(i).isAfter(now)) {
                return i;
            }
        }
        return 0;
    }

    /**
     * Whether no token of the key can be valid any more, though a replica did not notice at once
     * that another key signs.
     */
    public boolean isRetired(List<Instant> signFrom, int key, Instant now) {
        return key + 1 < signFrom.size()
                && !now.isBefore(signFrom.get(key + 1).plus(announcement).plus(longestToken));
    }

    /** How often the keys are to be looked at. */
    public Duration lookEvery() {
        Duration quarter = announcement.dividedBy(4);
        Duration minute = Duration.ofMinutes(1);
        return quarter.compareTo(minute) < 0 ? quarter : minute;
    }
}
