package io.perpetua.systemtests.crash;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.value.MarketId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The commands that the markets were given, read from the log itself: of each channel every number
 * once and in order, as every consumer of the log takes them.
 *
 * @param markets the definitions, by id
 * @param commands by market, in order
 * @param repeats how many records were in the log a second time, or ahead of their turn
 */
record Admissions(
        Map<MarketId, Market> markets, Map<MarketId, List<Admission>> commands, int repeats) {
    private static final String CHANNEL = "channel";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    static Admissions read(String broker) {
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Map<MarketId, Market> markets = new TreeMap<>();
            readAll(
                    consumer,
                    Topics.MARKETS,
                    record -> {
                        Market market = EventCodec.decode(Market.class, record.value());
                        markets.put(market.id(), market);
                    });
            Accepted accepted = new Accepted();
            readAll(consumer, Topics.ADMISSIONS, accepted::take);
            return new Admissions(markets, accepted.commands, accepted.repeats);
        }
    }

    private static void readAll(
            KafkaConsumer<byte[], byte[]> consumer,
            Topic topic,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        List<TopicPartition> partitions =
                IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                        .toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
            consumer.poll(POLL).forEach(reader);
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(topic.name() + " can't be read to its end");
            }
        }
    }

    private static final class Accepted {
        final Map<MarketId, List<Admission>> commands = new HashMap<>();
        private final Map<String, Long> marks = new HashMap<>();
        private int repeats;

        void take(ConsumerRecord<byte[], byte[]> record) {
            Header header = record.headers().lastHeader(CHANNEL);
            ByteBuffer channel = ByteBuffer.wrap(header.value());
            long number = channel.getLong();
            String source = StandardCharsets.UTF_8.decode(channel) + ">" + record.partition();
            if (number != marks.getOrDefault(source, 0L) + 1) {
                repeats++;
                return;
            }
            marks.put(source, number);
            Admission admission = EventCodec.decode(Admission.class, record.value());
            commands.computeIfAbsent(admission.command().market(), id -> new ArrayList<>())
                    .add(admission);
        }
    }
}
