package io.perpetua.eventlog;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * All the shards of one kind that a service has, and how their states are read and written. The
 * methods that take several shards serve all those that one worker owns, so that a batch costs a
 * handful of statements, however many shards it touches.
 *
 * @param <S> the state of one shard
 * @param <T> the open transaction: {@code java.sql.Connection}, or a test's own
 */
public interface ShardGroup<S extends Shard, T> {
    /** Unique in the service's schema and stable for ever, for example {@code risk-users}. */
    String name();

    /** How many shards there are: the partition count of every input. */
    int shards();

    /**
     * The inputs, the most urgent first: within a batch, all of one come before those of the next.
     */
    List<InputTopic> inputs();

    /**
     * How long after the beginning of a batch the next one begins at the earliest. More than
     * nothing for a group whose results no request waits for: its batches then are few and cheap.
     */
    default long paceMillis() {
        return 0;
    }

    /**
     * Takes what has the shards of a worker ticked at once rather than within 100 ms, for groups
     * without inputs that hear of something all the same. It may be run from any thread, as often
     * as one likes: what came while a batch ran is in the next tick.
     */
    default void bell(Runnable ring) {}

    /** A state without content, for {@link #load} to fill. */
    S create(int index);

    /** Reads the states from the database; the caller owns the shards by now. */
    void load(List<S> shards, T transaction) throws SQLException;

    /**
     * Looks up, with few queries, what the batch's decisions need and memory does not hold. Called
     * before the first {@link Shard#handle} of each batch, within the batch's transaction.
     */
    default void prefetch(Map<S, List<Incoming>> batch, T transaction) throws SQLException {}

    /**
     * Writes what changed since the last flush, with multi-row statements. Called once a batch, in
     * the transaction that also moves offsets and stores what is to be published.
     *
     * @param writes takes the statements whose results nobody needs; they follow those that are run
     *     in the transaction here
     */
    void flush(List<S> changed, T transaction, Writes writes) throws SQLException;

    /** Called after a commit, on the worker's thread: readers' snapshots can be renewed here. */
    default void committed(List<S> changed) {}
}
