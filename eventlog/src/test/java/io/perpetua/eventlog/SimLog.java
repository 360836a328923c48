package io.perpetua.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Partitions as lists. A record sent is under way until the world delivers it: it may arrive and be
 * acknowledged, arrive with its acknowledgement lost, fail while those behind it arrive, or, once
 * its sender gave up or died, arrive late or never.
 */
final class SimLog {
    static final String CLUSTER = "cluster";

    private final SimWorld world;
    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> partitions =
            new HashMap<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Sent> stray = new ArrayList<>();

    SimLog(SimWorld world) {
        this.world = world;
    }

    private record Sent(Outgoing record, byte[] channel, LogWriter.Outcome outcome) {}

    private List<ConsumerRecord<byte[], byte[]>> partition(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, any -> new ArrayList<>());
    }

    void append(String topic, int partition, @Nullable String source, long number, byte[] value) {
        append(
                new Outgoing(topic, partition, null, value, null),
                source == null
                        ? null
                        : ChannelHeader.encode(source.getBytes(StandardCharsets.UTF_8), number));
    }

    private void append(Outgoing sent, byte @Nullable [] channel) {
        TopicPartition partition = new TopicPartition(sent.topic(), sent.partition());
        List<ConsumerRecord<byte[], byte[]>> records = partition(partition);
        RecordHeaders headers = new RecordHeaders();
        if (channel != null) {
            headers.add(ChannelHeader.CHANNEL, channel);
        }
        records.add(
                new ConsumerRecord<>(
                        sent.topic(),
                        sent.partition(),
                        records.size(),
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        sent.value().length,
                        null,
                        sent.value(),
                        headers,
                        Optional.empty()));
    }

    /** The records of a topic's partition, repeats and all. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition) {
        return partition(new TopicPartition(topic, partition));
    }

    void deliverSome() {
        if (!stray.isEmpty() && world.random.nextInt(3) == 0) {
            Sent late = stray.remove(world.random.nextInt(stray.size()));
            if (world.random.nextBoolean()) {
                append(late.record(), late.channel());
            }
        }
        if (!writers.isEmpty()) {
            writers.get(world.random.nextInt(writers.size())).deliver(world.random.nextInt(12));
        }
    }

    void deliverAll() {
        List.copyOf(writers).forEach(writer -> writer.deliver(Integer.MAX_VALUE));
    }

    void abandon(SimWorld.SimNode node) {
        writers.removeIf(
                writer -> {
                    if (writer.node == node) {
                        stray.addAll(writer.underWay);
                        return true;
                    }
                    return false;
                });
    }

    LogReader reader(SimWorld.SimNode node) {
        return new Reader(node);
    }

    LogWriter writer(SimWorld.SimNode node) {
        Writer writer = new Writer(node);
        writers.add(writer);
        return writer;
    }

    private final class Writer implements LogWriter {
        final SimWorld.SimNode node;
        final List<Sent> underWay = new ArrayList<>();

        Writer(SimWorld.SimNode node) {
            this.node = node;
        }

        @Override
        public void send(Outgoing record, byte[] channel, Outcome outcome) {
            world.point(node);
            if (world.chance(0.005)) {
                outcome.done(new IllegalStateException("no metadata"));
                return;
            }
            underWay.add(new Sent(record, channel, outcome));
        }

        void deliver(int most) {
            for (int i = 0; i < most && !underWay.isEmpty(); i++) {
                Sent sent = underWay.removeFirst();
                boolean fails = world.chance(0.02);
                if (!fails || world.random.nextBoolean()) {
                    append(sent.record(), sent.channel());
                }
                sent.outcome().done(fails ? new IllegalStateException("timed out") : null);
            }
        }

        @Override
        public void reopen() {
            world.point(node);
            stray.addAll(underWay);
            underWay.clear();
        }

        @Override
        public void close() {
            reopen();
        }
    }

    private final class Reader implements LogReader {
        private final SimWorld.SimNode node;
        private final Map<TopicPartition, Long> positions =
                new TreeMap<>(java.util.Comparator.comparing(TopicPartition::toString));

        Reader(SimWorld.SimNode node) {
            this.node = node;
        }

        @Override
        public String clusterId() {
            return CLUSTER;
        }

        @Override
        public Map<TopicPartition, Bounds> bounds(Set<TopicPartition> wanted) {
            world.point(node);
            Map<TopicPartition, Bounds> bounds = new HashMap<>();
            wanted.forEach(one -> bounds.put(one, new Bounds(0, partition(one).size())));
            return bounds;
        }

        @Override
        public void assign(Map<TopicPartition, Long> nextOffsets) {
            positions.putAll(nextOffsets);
        }

        @Override
        public void unassign(Set<TopicPartition> gone) {
            positions.keySet().removeAll(gone);
        }

        @Override
        public Iterable<ConsumerRecord<byte[], byte[]>> poll(long waitMillis) {
            world.point(node);
            if (world.chance(0.002)) {
                throw new IllegalStateException("no answer from the log");
            }
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            for (Map.Entry<TopicPartition, Long> position : positions.entrySet()) {
                List<ConsumerRecord<byte[], byte[]>> all = partition(position.getKey());
                int from = position.getValue().intValue();
                int most = world.calm ? Integer.MAX_VALUE : world.random.nextInt(30);
                int to = (int) Math.min(all.size(), (long) from + most);
                found.addAll(all.subList(from, to));
                position.setValue((long) to);
            }
            world.point(node);
            return found;
        }

        @Override
        public long lag(TopicPartition one) {
            return 0;
        }

        @Override
        public void close() {}
    }
}
