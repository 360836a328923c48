package io.perpetua.bench;

import io.perpetua.contracts.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to the platform's topics what services that are not running would have written: events
 * numbered by channel, commands, newest values.
 */
final class Journal implements AutoCloseable {
    private static final byte[] SOURCE = "bench".getBytes(StandardCharsets.US_ASCII);
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Map<TopicPartition, Long> numbers = new HashMap<>();

    Journal(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** An event of this process: the next of its channel. */
    void event(Topic topic, int partition, byte[] value) {
        long number = numbers.merge(new TopicPartition(topic.name(), partition), 1L, Long::sum);
        RecordHeaders headers = new RecordHeaders();
        headers.add(
                "channel",
                ByteBuffer.allocate(Long.BYTES + SOURCE.length)
                        .putLong(number)
                        .put(SOURCE)
                        .array());
        send(new ProducerRecord<>(topic.name(), partition, null, null, value, headers));
    }

    /** A client's command. */
    void command(Topic topic, int partition, byte[] value) {
        send(new ProducerRecord<>(topic.name(), partition, null, value));
    }

    /** The newest value of a key. */
    void newest(Topic topic, int partition, String key, byte[] value) {
        send(
                new ProducerRecord<>(
                        topic.name(), partition, key.getBytes(StandardCharsets.UTF_8), value));
    }

    /** Sends what is in a topic once more, as its sources do after a failure, over and over. */
    void repeat(Topic topic, long count) {
        Map<TopicPartition, Long> ends = ends(topic);
        long sent = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(ends.keySet());
            while (sent < count) {
                consumer.seekToBeginning(ends.keySet());
                long before = sent;
                boolean more = true;
                while (more && sent < count) {
                    more = false;
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
                        TopicPartition from =
                                new TopicPartition(record.topic(), record.partition());
                        if (sent < count && record.offset() < ends.getOrDefault(from, 0L)) {
                            more = true;
                            sent++;
                            send(
                                    new ProducerRecord<>(
                                            record.topic(),
                                            record.partition(),
                                            null,
                                            record.key(),
                                            record.value(),
                                            record.headers()));
                        }
                    }
                }
                if (sent == before) {
                    throw new IllegalStateException("there is nothing in " + topic.name());
                }
            }
        }
        flush();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "max.poll.records", 5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        var _ =
                producer.send(
                        record,
                        (metadata, failed) -> {
                            if (failed != null) {
                                failure.compareAndSet(null, failed);
                            }
                        });
    }

    /** Waits until everything is in the log. */
    void flush() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the log did not take everything", failed);
        }
    }

    /** How many records each partition has had. */
    Map<TopicPartition, Long> ends(Topic topic) {
        List<TopicPartition> partitions =
                IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                        .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.endOffsets(partitions);
        }
    }

    @Override
    public void close() {
        producer.close(WAIT);
    }
}
