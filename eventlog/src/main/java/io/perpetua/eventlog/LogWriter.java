package io.perpetua.eventlog;

import org.jspecify.annotations.Nullable;

/**
 * Appends records to the log, in the order given within each partition, as long as all goes well.
 */
interface LogWriter extends AutoCloseable {
    /**
     * Sends a record.
     *
     * @param channel the header {@code channel}
     * @param outcome told once, on any thread; within a partition, in order
     */
    void send(Outgoing record, byte[] channel, Outcome outcome);

    /**
     * Gives up whatever is under way and begins anew. No outcome of a record sent before is told
     * afterwards, though the record may still reach the log.
     */
    void reopen();

    @Override
    void close();

    /** What became of a record sent. */
    @FunctionalInterface
    interface Outcome {
        /** Null means that the log has it. */
        void done(@Nullable Exception failure);
    }
}
