package io.perpetua.eventlog;

/**
 * A gateway's leased number and what follows from it: ids and reply addresses that no other gateway
 * can issue.
 */
public interface Gateway {
    /** The leased number, 0 to 31. */
    int number();

    /**
     * A new id below 2^53, larger than all this gateway issued before: 40 bits of milliseconds
     * since 2026-01-01T00:00Z, 5 bits of gateway, 8 bits of count.
     *
     * @throws IllegalStateException when the lease may have run out
     */
    long nextId();

    /** The time an id was issued, in milliseconds since 1970. */
    static long issuedAtMillis(long id) {
        return (id >>> 13) + EPOCH_MILLIS;
    }

    /** The smallest id that can have been issued at this time; below it all are older. */
    static long firstIdAt(long millis) {
        return Math.max(0, millis - EPOCH_MILLIS) << 13;
    }

    /** 2026-01-01T00:00Z. */
    long EPOCH_MILLIS = 1_767_225_600_000L;
}
