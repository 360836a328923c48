package io.perpetua.eventlog;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Partitions of Kafka, assigned by hand. For one thread. */
final class KafkaLogReader implements LogReader {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaClients clients;
    private @Nullable String clusterId;

    KafkaLogReader(KafkaConsumer<byte[], byte[]> consumer, KafkaClients clients) {
        this.consumer = consumer;
        this.clients = clients;
    }

    @Override
    public String clusterId() {
        if (clusterId == null) {
            clusterId = clients.clusterId();
        }
        return clusterId;
    }

    @Override
    public Map<TopicPartition, Bounds> bounds(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Bounds> bounds = new HashMap<>();
        begins.forEach(
                (partition, begin) -> {
                    Long end = ends.get(partition);
                    if (end != null) {
                        bounds.put(partition, new Bounds(begin, end));
                    }
                });
        return bounds;
    }

    @Override
    public void assign(Map<TopicPartition, Long> nextOffsets) {
        if (!consumer.assignment().containsAll(nextOffsets.keySet())) {
            Set<TopicPartition> all = new HashSet<>(consumer.assignment());
            all.addAll(nextOffsets.keySet());
            consumer.assign(all);
        }
        nextOffsets.forEach(consumer::seek);
    }

    @Override
    public void unassign(Set<TopicPartition> partitions) {
        Set<TopicPartition> rest = new HashSet<>(consumer.assignment());
        if (rest.removeAll(partitions)) {
            consumer.assign(rest);
        }
    }

    @Override
    public Iterable<ConsumerRecord<byte[], byte[]>> poll(long waitMillis) {
        if (consumer.assignment().isEmpty()) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(waitMillis));
            return List.of();
        }
        try {
            return consumer.poll(Duration.ofMillis(waitMillis));
        } catch (InvalidOffsetException nowhere) {
            throw new LostRecordsException(nowhere.partitions(), nowhere);
        }
    }

    @Override
    public long lag(TopicPartition partition) {
        return consumer.assignment().contains(partition)
                ? consumer.currentLag(partition).orElse(0)
                : 0;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
