package io.perpetua.risk.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.Fixtures;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Plays the other services: sends what they send, and reads what risk sends. */
public final class Wire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String source;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> numbers = new HashMap<>();
    private final List<Admission> admissions = new ArrayList<>();
    private final List<Settlement> settlements = new ArrayList<>();

    /** Numbers its events as {@code source}, unlike any other of the same broker. */
    public Wire(String bootstrapServers, String source) {
        this.source = source;
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> read = new ArrayList<>();
        for (Topic topic : List.of(Topics.ADMISSIONS, Topics.SETTLEMENTS)) {
            IntStream.range(0, topic.partitions())
                    .forEach(i -> read.add(new TopicPartition(topic.name(), i)));
        }
        consumer.assign(read);
        consumer.seekToEnd(read);
        read.forEach(consumer::position);
    }

    private void send(Topic topic, int partition, byte[] key, byte[] value, boolean numbered) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(), partition, key, value);
        if (numbered) {
            long number = numbers.merge(new TopicPartition(topic.name(), partition), 1L, Long::sum);
            record.headers().add("channel", channel(number));
        }
        var _ = producer.send(record);
        producer.flush();
    }

    private byte[] channel(long number) {
        byte[] name = source.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + name.length).putLong(number).put(name).array();
    }

    public void send(UserEvent event) {
        send(
                Topics.USER_EVENTS,
                Partitions.of(event.user()),
                null,
                EventCodec.encode(UserEvent.class, event),
                true);
    }

    public void send(UserId user, OrderEvent event) {
        send(
                Topics.ORDER_EVENTS,
                Partitions.of(user),
                null,
                EventCodec.encode(OrderEvent.class, event),
                true);
    }

    /** Sends the last order event of the user's partition once more. */
    public void sendAgain(UserId user, OrderEvent event) {
        numbers.merge(
                new TopicPartition(Topics.ORDER_EVENTS.name(), Partitions.of(user)),
                -1L,
                Long::sum);
        send(user, event);
    }

    public void list(Market market) {
        byte[] marker = EventCodec.encode(OrderEvent.class, new MarketApplied(market, 0));
        for (int partition = 0; partition < Partitions.USERS; partition++) {
            send(Topics.ORDER_EVENTS, partition, null, marker, true);
        }
        send(
                Topics.MARKETS,
                Partitions.of(market.id()),
                market.id().toString().getBytes(StandardCharsets.UTF_8),
                EventCodec.encode(Market.class, market),
                false);
    }

    /** Lists BTC without fees, at a mark of now that counts for ten minutes. */
    public void listBtcAt(Price mark) {
        list(
                Fixtures.market(
                        Fixtures.BTC,
                        MarketStatus.ACTIVE,
                        1,
                        Fixtures.tierRows("0 0.05 0.03"),
                        "0",
                        "0",
                        Fixtures.PATIENT_MILLIS));
        long now = System.currentTimeMillis();
        mark(new MarkPrice(Fixtures.BTC, now, mark, mark, now));
    }

    public void mark(MarkPrice mark) {
        send(
                Topics.MARK_PRICES,
                Partitions.of(mark.market()),
                mark.market().toString().getBytes(StandardCharsets.UTF_8),
                EventCodec.encode(MarkPrice.class, mark),
                false);
    }

    public void send(OrderCommand command) {
        send(
                Topics.ORDER_COMMANDS,
                Partitions.of(command.user()),
                null,
                EventCodec.encode(OrderCommand.class, command),
                false);
    }

    /** What was decided of the command. */
    public Admission admissionOf(OrderCommand command) {
        return await(
                () ->
                        admissions.stream()
                                .filter(
                                        admission ->
                                                admission
                                                        .command()
                                                        .commandId()
                                                        .equals(command.commandId()))
                                .findFirst());
    }

    /** The first settlement of the subaccount. */
    public Settlement settlementOf(SubaccountId subaccount) {
        return await(
                () ->
                        settlements.stream()
                                .filter(settled -> settled.subaccount().equals(subaccount))
                                .findFirst());
    }

    /** The first settlement of the subaccount that is of this kind. */
    public <T extends Settlement> T settlementOf(SubaccountId subaccount, Class<T> kind) {
        return await(
                () ->
                        settlements.stream()
                                .filter(settled -> settled.subaccount().equals(subaccount))
                                .filter(kind::isInstance)
                                .map(kind::cast)
                                .findFirst());
    }

    /** How many settlements of the subaccount have come so far; one sent twice counts once. */
    public long settlementsOf(SubaccountId subaccount) {
        return settlements.stream()
                .filter(settled -> settled.subaccount().equals(subaccount))
                .map(Settlement::sequence)
                .distinct()
                .count();
    }

    private <T> T await(Supplier<Optional<T>> awaited) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<T> come = awaited.get();
        while (come.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("risk did not answer within " + PATIENCE);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                if (record.topic().equals(Topics.ADMISSIONS.name())) {
                    admissions.add(EventCodec.decode(Admission.class, record.value()));
                } else {
                    settlements.add(EventCodec.decode(Settlement.class, record.value()));
                }
            }
            come = awaited.get();
        }
        return come.get();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        consumer.close();
    }
}
