package io.perpetua.eventlog;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads assigned partitions of the log, each from a place given explicitly. */
interface LogReader extends AutoCloseable {
    /** Identifies the log, so that offsets of another one are not taken for ours. */
    String clusterId();

    /** The first offset kept and the offset after the last, of each partition. */
    Map<TopicPartition, Bounds> bounds(Set<TopicPartition> partitions);

    /** Adds partitions; an assigned one is moved. */
    void assign(Map<TopicPartition, Long> nextOffsets);

    /** Stops reading partitions. */
    void unassign(Set<TopicPartition> partitions);

    /**
     * The next records, each partition's in order. Waits for at most the given time if there are
     * none.
     *
     * @throws LostRecordsException if the log no longer has what is to be read
     */
    Iterable<ConsumerRecord<byte[], byte[]>> poll(long waitMillis);

    /** How many records of a partition are known to be there and not given yet. */
    long lag(TopicPartition partition);

    @Override
    void close();

    /**
     * What of a partition exists.
     *
     * @param begin the first offset kept
     * @param end the offset the next record gets
     */
    record Bounds(long begin, long end) {}

    /** The log no longer has, or never had, the records to be read next. */
    final class LostRecordsException extends RuntimeException {
        private final transient Set<TopicPartition> partitions;

        LostRecordsException(Set<TopicPartition> partitions, Throwable cause) {
            super("the log has no records at the stored offsets of " + partitions, cause);
            this.partitions = partitions;
        }

        Set<TopicPartition> partitions() {
            return partitions;
        }
    }
}
