package io.perpetua.eventlog;

/**
 * The state of one partition of a service's input, in memory, with the rules that change it. Called
 * by one thread only. It does no I/O and takes the time as an argument, so the same records at the
 * same times give the same state and the same output.
 *
 * <p>What {@link #handle} changes, {@link ShardGroup#flush} writes in the same transaction that
 * moves the offsets. After any failure the object is thrown away and a new one loaded.
 */
public interface Shard {
    /** Decides one record, applies the outcome, and emits what follows from it. */
    void handle(Incoming record, long nowMillis, Emitter out);

    /**
     * Refuses a client command that could not be processed: its client gets an answer all the same.
     */
    void refuse(Incoming command, long nowMillis, Emitter out);

    /**
     * Called once a batch, after its last record and before {@link ShardGroup#flush}: what is
     * published once a batch, such as sums over its records, is emitted here.
     */
    default void endBatch(long nowMillis, Emitter out) {}

    /**
     * Called about every 100 ms, for what time alone brings about, and when the {@linkplain
     * ShardGroup#bell bell} was rung.
     */
    default void tick(long nowMillis, Emitter out) {}

    /**
     * Whether the last {@link #tick} changed something that {@link ShardGroup#flush} must write
     * though it emitted nothing. A record handled, or emitted, always counts as a change.
     */
    default boolean changedByTick() {
        return false;
    }

    /** A hash of the whole state, equal for equal states; used by tests and diagnosis. */
    long stateHash();
}
