package io.perpetua.marketdata;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.contracts.value.MarketId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the audit log is told of, from when this was made. */
final class ReportedDecisions {
    private final List<TopicPartition> partitions =
            IntStream.range(0, Topics.MARKET_DECISIONS.partitions())
                    .mapToObj(i -> new TopicPartition(Topics.MARKET_DECISIONS.name(), i))
                    .toList();
    private final String bootstrapServers;
    private final Map<TopicPartition, Long> begins;

    ReportedDecisions(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            begins = consumer.endOffsets(partitions);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Those of a kind about a market, in their order. */
    <D extends MarketDecision> List<D> of(MarketId market, Class<D> kind) {
        List<D> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            begins.forEach(consumer::seek);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    MarketDecision decision =
                            EventCodec.decode(MarketDecision.class, record.value());
                    if (decision.market().equals(market) && kind.isInstance(decision)) {
                        found.add(kind.cast(decision));
                    }
                }
            }
        }
        return found;
    }
}
