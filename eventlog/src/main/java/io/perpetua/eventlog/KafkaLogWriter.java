package io.perpetua.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A Kafka producer that can be replaced by a fresh one. For one thread. */
final class KafkaLogWriter implements LogWriter {
    private final Supplier<KafkaProducer<byte[], byte[]>> fresh;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    KafkaLogWriter(Supplier<KafkaProducer<byte[], byte[]>> fresh) {
        this.fresh = fresh;
    }

    @Override
    public void send(Outgoing record, byte[] channel, Outcome outcome) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(ChannelHeader.CHANNEL, channel);
        send(producer(), record, headers, outcome);
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            open = fresh.get();
            producer = open;
        }
        return open;
    }

    /** Sends with headers as given, the reply address added. */
    static void send(
            KafkaProducer<byte[], byte[]> producer,
            Outgoing record,
            RecordHeaders headers,
            Outcome outcome) {
        String reply = record.reply();
        if (reply != null) {
            headers.add(ChannelHeader.REPLY, reply.getBytes(StandardCharsets.UTF_8));
        }
        String key = record.key();
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    record.topic(),
                                    record.partition(),
                                    null,
                                    key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                                    record.value(),
                                    headers),
                            (metadata, failure) -> outcome.done(failure));
        } catch (KafkaException | IllegalStateException refused) {
            outcome.done(refused);
        }
    }

    @Override
    public void reopen() {
        KafkaProducer<byte[], byte[]> old = producer;
        producer = null;
        if (old != null) {
            old.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> old = producer;
        producer = null;
        if (old != null) {
            old.close(Duration.ofSeconds(1));
        }
    }
}
