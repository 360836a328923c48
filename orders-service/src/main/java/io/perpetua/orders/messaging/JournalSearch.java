package io.perpetua.orders.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Gateway;
import io.perpetua.orders.app.CommandJournal.JournalUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds a placement in the journal. Its id says when it was issued and its user in which partition
 * it lies, so a few seconds of one partition are read: enough for the time between the id and the
 * record, and for clocks of gateways that differ.
 *
 * <p>This is how an order that has no row yet is told from one that never was, by any gateway and
 * after any restart. One search runs at a time, in the order they were asked for; it is asked for
 * only where no row was found, and few may wait.
 */
final class JournalSearch implements AutoCloseable {
    private static final long BEFORE_MILLIS = 1_000;
    private static final long AFTER_MILLIS = 3_000;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final Duration TIMEOUT = Duration.ofMillis(TIMEOUT_MILLIS);

    private final Consumer<byte[], byte[]> consumer;
    private final SearchTurns turns = new SearchTurns();
    private final ReentrantLock lock = new ReentrantLock(true);

    private JournalSearch(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Searches with a consumer of its own, which belongs to no group. */
    static JournalSearch over(String bootstrapServers, String process) {
        return new JournalSearch(
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                process + "-journal-search",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer()));
    }

    Optional<PlaceOrder> find(OrderId orderId, UserId user) {
        if (!turns.enter(user)) {
            throw new JournalUnavailableException("too many searches are under way", null);
        }
        try {
            return findInTurn(orderId, user);
        } finally {
            turns.leave(user);
        }
    }

    private Optional<PlaceOrder> findInTurn(OrderId orderId, UserId user) {
        try {
            if (!lock.tryLock(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new JournalUnavailableException("the journal is being searched", null);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new JournalUnavailableException("interrupted", interrupted);
        }
        try {
            return search(orderId, user);
        } catch (KafkaException unreachable) {
            throw new JournalUnavailableException("the journal can't be read", unreachable);
        } finally {
            lock.unlock();
        }
    }

    private Optional<PlaceOrder> search(OrderId orderId, UserId user) {
        TopicPartition partition =
                new TopicPartition(Topics.ORDER_COMMANDS.name(), Partitions.of(user));
        long issuedAt = Gateway.issuedAtMillis(orderId.value());
        OffsetAndTimestamp start =
                consumer.offsetsForTimes(Map.of(partition, issuedAt - BEFORE_MILLIS), TIMEOUT)
                        .get(partition);
        if (start == null) {
            return Optional.empty();
        }
        long end = consumer.endOffsets(List.of(partition), TIMEOUT).getOrDefault(partition, 0L);
        consumer.assign(List.of(partition));
        consumer.seek(partition, start.offset());
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                if (record.timestamp() > issuedAt + AFTER_MILLIS) {
                    return Optional.empty();
                }
                if (EventCodec.decode(OrderCommand.class, record.value())
                                instanceof PlaceOrder placement
                        && placement.orderId().equals(orderId)
                        && placement.user().equals(user)) {
                    return Optional.of(placement);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new JournalUnavailableException("the search took too long", null);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            consumer.close();
        } finally {
            lock.unlock();
        }
    }
}
