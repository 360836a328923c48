package io.perpetua.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One owned shard in memory: its state, where its input and output stand, and the open batch. */
final class Slot<S extends Shard> implements Emitter {
    /** Kafka refuses more than a megabyte by default; headers and key need room too. */
    static final int LONGEST_VALUE_BYTES = 900_000;

    final int index;
    final String name;
    final List<InputTopic> inputs;
    final ShardStore.Fence fence;
    final S state;

    private final String[] quotedInputs;
    private final long[] positions;
    private final long[] committedOffsets;
    private final List<List<Source>> sources = new ArrayList<>();
    private final List<Channels> channels = new ArrayList<>(4);
    private long nextBatch = 1;

    /** Accepted records of the open batch, by input. */
    final List<List<Incoming>> accepted = new ArrayList<>();

    private List<Numbered> emitted = new ArrayList<>();
    boolean changed;

    Slot(int index, String name, List<InputTopic> inputs, ShardStore.Fence fence, S state) {
        this.index = index;
        this.name = name;
        this.inputs = inputs;
        this.fence = fence;
        this.state = state;
        this.quotedInputs =
                inputs.stream().map(input -> quoted(input.topic())).toArray(String[]::new);
        this.positions = new long[inputs.size()];
        this.committedOffsets = new long[inputs.size()];
        for (int i = 0; i < inputs.size(); i++) {
            sources.add(new ArrayList<>());
            accepted.add(new ArrayList<>());
        }
    }

    /**
     * Starts where the last owner's last commit ended. An input not read before has position -1.
     */
    void recover(ShardStore.Recovered recovered) {
        for (int i = 0; i < inputs.size(); i++) {
            String topic = inputs.get(i).topic();
            positions[i] = recovered.offsets().getOrDefault(topic, -1L);
            committedOffsets[i] = positions[i];
            for (Map.Entry<String, Long> mark :
                    recovered.marks().getOrDefault(topic, Map.of()).entrySet()) {
                sources.get(i).add(new Source(mark.getKey(), mark.getValue()));
            }
        }
        recovered
                .channels()
                .forEach(
                        (topic, next) ->
                                next.forEach(
                                        (partition, number) ->
                                                channels(topic).start(partition, number)));
        for (OutboxRow row : recovered.outbox()) {
            nextBatch = Math.max(nextBatch, row.batch() + 1);
        }
    }

    int input(String topic) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).topic().equals(topic)) {
                return i;
            }
        }
        throw new IllegalStateException(name + " reads no topic " + topic);
    }

    long position(int input) {
        return positions[input];
    }

    void position(int input, long next) {
        positions[input] = next;
    }

    boolean offsetsMoved() {
        return !Arrays.equals(positions, committedOffsets);
    }

    /** The source named in a header; one never heard of stands at 0. */
    Source source(int input, byte[] channel) {
        List<Source> known = sources.get(input);
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).isNamedIn(channel)) {
                return known.get(i);
            }
        }
        Source source = new Source(ChannelHeader.source(channel), 0);
        known.add(source);
        return source;
    }

    /** The time since which a source's events have been ahead of their turn, or 0. */
    long gapSinceMillis() {
        long since = 0;
        for (List<Source> ofInput : sources) {
            for (Source source : ofInput) {
                if (source.gapSinceMillis != 0 && (since == 0 || source.gapSinceMillis < since)) {
                    since = source.gapSinceMillis;
                }
            }
        }
        return since;
    }

    @Override
    public void emit(Outgoing record) {
        if (record.value().length > LONGEST_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "a record of " + record.value().length + " bytes is more than the log takes");
        }
        emitted.add(new Numbered(record, channels(record.topic()).take(record.partition())));
    }

    boolean hasEmitted() {
        return !emitted.isEmpty();
    }

    private Channels channels(String topic) {
        for (int i = 0; i < channels.size(); i++) {
            if (channels.get(i).topic.equals(topic)) {
                return channels.get(i);
            }
        }
        Channels added = new Channels(topic);
        channels.add(added);
        return added;
    }

    boolean hasAccepted() {
        for (int i = 0; i < accepted.size(); i++) {
            if (!accepted.get(i).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is an accepted record whose outcome somebody waits for. */
    boolean hasAwaited() {
        for (int i = 0; i < accepted.size(); i++) {
            if (inputs.get(i).isAwaited() && !accepted.get(i).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    int acceptedCount() {
        int count = 0;
        for (int i = 0; i < accepted.size(); i++) {
            count += accepted.get(i).size();
        }
        return count;
    }

    /** All accepted records in the order they are to be handled. */
    List<Incoming> acceptedInOrder() {
        List<Incoming> all = new ArrayList<>();
        accepted.forEach(all::addAll);
        return all;
    }

    /** Adds what the open batch moves. */
    void addTo(ShardStore.Batch batch) {
        batch.shards().add(new ShardStore.Moved(fence, progress()));
        if (!emitted.isEmpty()) {
            batch.sent().add(new OutboxRow(name, nextBatch, emitted));
        }
    }

    /**
     * Where input and output stand, as JSON: {@code {"offsets":{topic:next},
     * "marks":{topic:{source:number}}, "channels":{topic:[next of each partition]}}}.
     */
    String progress() {
        StringBuilder json = new StringBuilder(512).append("{\"offsets\":{");
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] >= 0) {
                json.append(quotedInputs[i]).append(':').append(positions[i]).append(',');
            }
        }
        close(json, '}').append(",\"marks\":{");
        for (int i = 0; i < positions.length; i++) {
            appendMarks(json, quotedInputs[i], sources.get(i));
        }
        close(json, '}').append(",\"channels\":{");
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).appendTo(json);
        }
        return close(json, '}').append('}').toString();
    }

    private static void appendMarks(StringBuilder json, String topic, List<Source> ofInput) {
        json.append(topic).append(":{");
        for (int i = 0; i < ofInput.size(); i++) {
            Source source = ofInput.get(i);
            if (source.number > 0) {
                json.append(source.quoted).append(':').append(source.number).append(',');
            }
        }
        close(json, '}').append(',');
    }

    /** Ends a list, in place of its last comma. */
    private static StringBuilder close(StringBuilder json, char bracket) {
        int last = json.length() - 1;
        if (json.charAt(last) == ',') {
            json.setLength(last);
        }
        return json.append(bracket);
    }

    /** A name as JSON writes it; the names of sources come from headers, which hold anything. */
    private static String quoted(String name) {
        StringBuilder json = new StringBuilder(name.length() + 2).append('"');
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** The open batch is committed; the next one begins. */
    void committed() {
        System.arraycopy(positions, 0, committedOffsets, 0, positions.length);
        if (!emitted.isEmpty()) {
            nextBatch++;
            emitted = new ArrayList<>();
        }
        accepted.forEach(List::clear);
        changed = false;
    }

    /** The numbers of this shard's channels to one topic. */
    private static final class Channels {
        final String topic;
        private final String quoted;
        private long[] next = {};

        Channels(String topic) {
            this.topic = topic;
            this.quoted = quoted(topic);
        }

        void start(int partition, long number) {
            grow(partition);
            next[partition] = number;
        }

        long take(int partition) {
            grow(partition);
            return next[partition]++;
        }

        private void grow(int partition) {
            int known = next.length;
            if (partition >= known) {
                next = Arrays.copyOf(next, partition + 1);
                Arrays.fill(next, known, next.length, 1L);
            }
        }

        void appendTo(StringBuilder json) {
            json.append(quoted).append(":[");
            for (long number : next) {
                json.append(number).append(',');
            }
            close(json, ']').append(',');
        }
    }

    /** A source of one input, and the number of the last event accepted from it. */
    static final class Source {
        final String name;
        private final byte[] bytes;
        private final String quoted;
        long number;
        long gapSinceMillis;

        Source(String name, long number) {
            this.name = name;
            this.bytes = name.getBytes(StandardCharsets.UTF_8);
            this.quoted = quoted(name);
            this.number = number;
        }

        boolean isNamedIn(byte[] channel) {
            return Arrays.equals(bytes, 0, bytes.length, channel, Long.BYTES, channel.length);
        }
    }
}
