package io.perpetua.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a topic of which only the newest value of a key matters. Of several values read at once
 * it gives the last, at most once in a time given a key. A repeat that arrives late, by its channel
 * number, does not replace what is newer.
 */
final class NewestReader implements Worker.Turns {
    private static final Logger LOG = LoggerFactory.getLogger(NewestReader.class);
    static final long GIVE_MILLIS = 100;
    private static final Duration WAIT = Duration.ofMillis(100);

    private final String topic;
    private final List<TopicPartition> partitions;
    private final long giveNanos;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BiConsumer<String, byte[]> newest;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private boolean assigned;
    private volatile String trouble = "";

    NewestReader(
            String topic,
            int partitionCount,
            long giveMillis,
            KafkaConsumer<byte[], byte[]> consumer,
            BiConsumer<String, byte[]> newest) {
        this.topic = topic;
        this.consumer = consumer;
        this.newest = newest;
        this.partitions = partitions(topic, partitionCount);
        this.giveNanos = TimeUnit.MILLISECONDS.toNanos(giveMillis);
    }

    static List<TopicPartition> partitions(String topic, int count) {
        List<TopicPartition> partitions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            partitions.add(new TopicPartition(topic, i));
        }
        return partitions;
    }

    /** Completes when everything has been given that was there at the start. */
    CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    List<String> problems() {
        return trouble.isEmpty() ? List.of() : List.of("reader of " + topic + ": " + trouble);
    }

    @Override
    public long turn() {
        if (!assigned) {
            begin();
        }
        long begun = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(WAIT);
        } catch (InvalidOffsetException compacted) {
            LOG.warn("{} is read from its beginning again", topic, compacted);
            assigned = false;
            return 0;
        }
        give(records);
        trouble = "";
        if (!caughtUp.isDone()) {
            checkCaughtUp();
            return 0;
        }
        return records.isEmpty() ? 0 : Math.max(0, giveNanos - (System.nanoTime() - begun));
    }

    private void begin() {
        checkPartitions();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        if (!caughtUp.isDone()) {
            ends.putAll(consumer.endOffsets(partitions));
        }
        assigned = true;
        checkCaughtUp();
    }

    /** With another number of partitions, commands would reach shards that don't know the user. */
    private void checkPartitions() {
        int there = consumer.partitionsFor(topic).size();
        if (there == partitions.size()) {
            return;
        }
        IllegalStateException other =
                new IllegalStateException(
                        "%s has %d partitions, and this service is set to %d"
                                .formatted(topic, there, partitions.size()));
        if (there > 0) {
            caughtUp.completeExceptionally(other);
        }
        throw other;
    }

    private void checkCaughtUp() {
        ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        if (ends.isEmpty()) {
            caughtUp.complete(null);
        }
    }

    private void give(ConsumerRecords<byte[], byte[]> records) {
        Map<String, byte[]> last = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.key() != null && record.value() != null && isInTurn(record)) {
                last.put(new String(record.key(), StandardCharsets.UTF_8), record.value());
            }
        }
        last.forEach(this::giveOne);
    }

    private boolean isInTurn(ConsumerRecord<byte[], byte[]> record) {
        byte[] channel = ChannelHeader.of(record.headers());
        if (channel == null) {
            return true;
        }
        String source = record.partition() + ":" + ChannelHeader.source(channel);
        long number = ChannelHeader.number(channel);
        Long highest = numbers.get(source);
        if (highest != null && number <= highest) {
            return false;
        }
        numbers.put(source, number);
        return true;
    }

    /** One value that its reader can't take must not hide all that follow; it is named instead. */
    private void giveOne(String key, byte[] value) {
        try {
            newest.accept(key, value);
        } catch (RuntimeException unreadable) {
            LOG.error("{}: the value of {} could not be taken", topic, key, unreadable);
            trouble = "the value of " + key + " could not be taken: " + unreadable;
        }
    }

    @Override
    public void failed(Throwable thrown) {
        trouble = thrown.toString();
        assigned = false;
    }

    @Override
    public void end() {
        caughtUp.cancel(false);
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
