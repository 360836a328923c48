package io.perpetua.eventlog;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The database as one worker sees it: the rows of shards, their progress in them, and the outbox.
 *
 * @param <T> an open transaction
 */
interface ShardStore<T> extends AutoCloseable {
    /**
     * Raises the shard's epoch and commits, if the shard is free or already this instance's.
     *
     * @param cluster the log's identity; kept with the shard when it has none yet
     * @return null if another instance holds the shard
     */
    @Nullable Taken takeOver(String shard, String instance, String cluster) throws SQLException;

    /** Gives the shard up, unless another owner has it already. */
    void release(Fence fence) throws SQLException;

    /** A transaction that reads one consistent picture, and may take its time. */
    T beginLoad() throws SQLException;

    /** What a shard had committed about its input and output. */
    Recovered recover(T transaction, String shard) throws SQLException;

    /** Ends what {@link #beginLoad} began. */
    void endLoad(T transaction) throws SQLException;

    /** Committed rows of a source, the oldest first. */
    List<OutboxRow> outbox(T transaction, String source) throws SQLException;

    /** Whether the shard's epoch is still this one; within the open transaction if there is one. */
    boolean owns(Fence fence) throws SQLException;

    /** Opens a batch's transaction. Whether its shards are still owned shows at its commit. */
    T begin() throws SQLException;

    /**
     * Writes what the batch changed, checks all epochs under their rows' locks, renews the leases,
     * writes progress and outbox, all in one message, and commits. An owner whose shard was taken
     * meanwhile has read, and written into its open transaction, what can't count: nothing of it is
     * committed.
     *
     * @throws FencedException if another owner has one of the shards; the transaction is still open
     */
    void commit(T transaction, Writes writes, Batch batch) throws SQLException, FencedException;

    /** Gives up the open transaction, if there is one. Never throws. */
    void rollback();

    @Override
    void close();

    /** A shard and the epoch in which its holder took it. */
    record Fence(String shard, long epoch) {}

    /** A successful takeover. */
    record Taken(long epoch, String cluster) {}

    /**
     * What had been committed.
     *
     * @param offsets next offset by topic
     * @param marks last accepted number by topic and source
     * @param channels next number by topic and partition
     * @param outbox what may not have been sent, the oldest first
     */
    record Recovered(
            Map<String, Long> offsets,
            Map<String, Map<String, Long>> marks,
            Map<String, Map<Integer, Long>> channels,
            List<OutboxRow> outbox) {}

    /** What a batch moves besides the shards' own rows. */
    record Batch(List<Moved> shards, List<OutboxRow> sent, List<OutboxRow> confirmed) {}

    /**
     * A shard that a batch is about.
     *
     * @param progress its offsets, marks and channel numbers, see {@link Slot#progress}; null when
     *     it has none to write
     */
    record Moved(Fence fence, @Nullable String progress) {}

    /** Another owner has the shard. */
    final class FencedException extends Exception {
        FencedException(String message) {
            super(message);
        }
    }
}
