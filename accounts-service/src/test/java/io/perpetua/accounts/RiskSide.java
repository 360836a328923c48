package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.value.UserId;
import io.restassured.response.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Acts as risk-service does: publishes numbered settlements, and reads what accounts publishes. */
record RiskSide(String bootstrapServers) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The next number of each channel, for all tests of the JVM: they share the topic. */
    private static final Map<Integer, Long> NEXT_NUMBERS = new HashMap<>();

    /** A settlement with its number in its channel. */
    record Numbered(int partition, long number, Settlement settlement) {}

    static Numbered numbered(Settlement settlement) {
        int partition = Partitions.of(settlement.user());
        return new Numbered(partition, NEXT_NUMBERS.merge(partition, 1L, Long::sum), settlement);
    }

    void send(Numbered... events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (Numbered event : events) {
                producer.send(
                                numbered(
                                        Topics.SETTLEMENTS.name(),
                                        event.partition(),
                                        "risk-users-" + event.partition(),
                                        event.number(),
                                        EventCodec.encode(Settlement.class, event.settlement())))
                        .get();
            }
        }
    }

    /** A record as the log's relay numbers it in the channel from {@code source}. */
    static ProducerRecord<byte[], byte[]> numbered(
            String topic, int partition, String source, long number, byte[] value) {
        byte[] name = source.getBytes(StandardCharsets.UTF_8);
        byte[] channel =
                ByteBuffer.allocate(Long.BYTES + name.length).putLong(number).put(name).array();
        return new ProducerRecord<>(
                topic,
                partition,
                (byte[]) null,
                value,
                List.of(new RecordHeader("channel", channel)));
    }

    /** All events of a user, once there are so many and no more come. */
    List<UserEvent> userEvents(TestUser user, int count) {
        return read(Topics.USER_EVENTS.name(), UserEvent.class, UserEvent::user, user, count);
    }

    /** What was told of the agents of a user, once there is so much and no more comes. */
    List<Agent> agents(TestUser user, int count) {
        return read(Topics.AGENTS.name(), Agent.class, Agent::user, user, count);
    }

    private <T> List<T> read(
            String topic, Class<T> type, Function<T, UserId> userOf, TestUser user, int count) {
        List<T> events = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            TopicPartition partition =
                    new TopicPartition(topic, Partitions.of(new UserId(user.id())));
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            boolean quiet = false;
            while (events.size() < count || !quiet) {
                var records = consumer.poll(Duration.ofMillis(500));
                quiet = records.isEmpty();
                records.forEach(
                        record -> {
                            T event = EventCodec.decode(type, record.value());
                            if (userOf.apply(event).value() == user.id()) {
                                events.add(event);
                            }
                        });
                assertThat(System.nanoTime()).as(topic).isLessThan(deadline);
            }
        }
        return events;
    }

    static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Until a trial balance of now has been made, in which every asset is in balance. */
    static void awaitBalancedBooks(TestUser user) {
        String now = java.time.Instant.now().toString();
        await(
                () -> {
                    Response trial = user.request().get("/v1/ledger/trial-balance");
                    return trial.statusCode() == 200
                            && trial.<String>path("asOf").compareTo(now) > 0;
                },
                "a trial balance from now on");
        var trial = user.request().get("/v1/ledger/trial-balance").then().statusCode(200).extract();
        assertThat(trial.<Boolean>path("balanced")).isTrue();
        assertThat(trial.<String>path("assets[0].asset")).isEqualTo("USDC");
        assertThat(trial.<String>path("assets[0].total")).isEqualTo("0");
    }
}
