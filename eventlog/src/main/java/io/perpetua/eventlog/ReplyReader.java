package io.perpetua.eventlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tails a topic for the records that answer one gateway's commands. */
final class ReplyReader implements ReplyTail, Worker.Turns {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);
    private static final int MOST_WAITS = 20_000;
    private static final Duration WAIT = Duration.ofMillis(100);

    private final List<TopicPartition> partitions;
    private final byte[] prefix;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Long, CompletableFuture<byte[]>> waits = new ConcurrentHashMap<>();
    private final AtomicLong numbers;
    private final CompletableFuture<Void> reading = new CompletableFuture<>();

    /** Where each partition is read next; kept over a failure, so that no reply is jumped over. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    private boolean assigned;
    private volatile String trouble = "";

    /**
     * Starts counting waits at an id just issued: no earlier process of the same gateway number can
     * have counted as far, so its late replies complete nothing here.
     */
    ReplyReader(
            Gateway gateway,
            String topic,
            int partitionCount,
            Function<Deserializer<byte[]>, KafkaConsumer<byte[], byte[]>> consumer) {
        this.partitions = NewestReader.partitions(topic, partitionCount);
        this.prefix = (gateway.number() + ":").getBytes(StandardCharsets.US_ASCII);
        this.numbers = new AtomicLong(gateway.nextId());
        this.consumer = consumer.apply(new OwnValues());
    }

    /** Completes when every reply to come will be seen. */
    CompletableFuture<Void> reading() {
        return reading;
    }

    List<String> problems() {
        return trouble.isEmpty() ? List.of() : List.of("replies: " + trouble);
    }

    @Override
    public Wait expect() {
        if (waits.size() >= MOST_WAITS) {
            throw new RejectedExecutionException("too many outcomes are awaited");
        }
        long number = numbers.incrementAndGet();
        CompletableFuture<byte[]> outcome = new CompletableFuture<>();
        waits.put(number, outcome);
        CompletableFuture<byte[]> _ =
                outcome.whenComplete((value, failure) -> waits.remove(number));
        return new Wait(new String(prefix, StandardCharsets.US_ASCII) + number, outcome);
    }

    @Override
    public int waiting() {
        return waits.size();
    }

    @Override
    public long turn() {
        if (!assigned) {
            begin();
        }
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
                positions.put(
                        new TopicPartition(record.topic(), record.partition()),
                        record.offset() + 1);
                if (record.value() != null) {
                    complete(record);
                }
            }
            trouble = "";
        } catch (InvalidOffsetException lost) {
            LOG.warn("replies are read from the end again", lost);
            positions.clear();
            assigned = false;
        }
        return 0;
    }

    private void begin() {
        consumer.assign(partitions);
        if (positions.isEmpty()) {
            positions.putAll(consumer.endOffsets(partitions));
        }
        positions.forEach(consumer::seek);
        assigned = true;
        reading.complete(null);
    }

    private void complete(ConsumerRecord<byte[], byte[]> record) {
        String reply = ChannelHeader.reply(record.headers());
        if (reply == null) {
            return;
        }
        try {
            CompletableFuture<byte[]> wait =
                    waits.remove(Long.parseLong(reply, prefix.length, reply.length(), 10));
            if (wait != null) {
                wait.complete(record.value());
            }
        } catch (NumberFormatException noNumber) {
            LOG.warn("a reply address that no gateway wrote: {}", reply);
        }
    }

    @Override
    public void failed(Throwable thrown) {
        trouble = thrown.toString();
        assigned = false;
    }

    @Override
    public void end() {
        reading.cancel(false);
        waits.values().forEach(wait -> wait.cancel(false));
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }

    /** Copies only the values of records that answer this gateway. */
    private final class OwnValues implements Deserializer<byte[]> {
        @Override
        public byte[] deserialize(String topic, byte[] data) {
            return data;
        }

        @Override
        @SuppressWarnings("NullAway") // Kafka's interface takes null for a record without value.
        public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
            Header reply = headers.lastHeader(ChannelHeader.REPLY);
            if (data == null || reply == null || !isOwn(reply.value())) {
                return null;
            }
            byte[] value = new byte[data.remaining()];
            data.get(value);
            return value;
        }

        private boolean isOwn(byte[] reply) {
            return reply.length > prefix.length
                    && Arrays.equals(reply, 0, prefix.length, prefix, 0, prefix.length);
        }
    }
}
