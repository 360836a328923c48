package io.perpetua.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.edge.StrictJson;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients read in bursts, and topics change meanwhile: whoever reads in the end knows the newest of
 * every key, by a chain without a gap, and nobody makes the service keep more than its bounds.
 */
class StreamConnectionPropertyTest {
    private static final int TOPICS = 6;
    private static final int QUEUE = 5;
    private static final int KEYS = 4;

    private final ObjectMapper json = new ObjectMapper();
    private final StreamMetrics metrics = new StreamMetrics(new SimpleMeterRegistry());
    private final StreamConfig config =
            new SmallRyeConfigBuilder()
                    .withMapping(StreamConfig.class)
                    .withDefaultValue("perpetua.streams.frames-burst", "1000000")
                    .build()
                    .getConfigMapping(StreamConfig.class);
    private final Map<StreamTopic, StreamMessage> published = new HashMap<>();
    private final StreamLoop loop = new StreamLoop(Map.of());
    private long now = -1_000;
    private final TimeMeter time =
            new TimeMeter() {
                @Override
                public long currentTimeNanos() {
                    return now * 1_000_000;
                }

                @Override
                public boolean isWallClockBased() {
                    return false;
                }
            };

    /** A client that reads when it is told to, and believes nothing. */
    private final class Client implements StreamOutlet {
        private final List<String> unread = new ArrayList<>();
        private final Map<String, Long> seqs = new HashMap<>();
        private final Map<String, Long> since = new HashMap<>();
        private final Map<String, Long> known = new HashMap<>();
        private final StreamConnection connection =
                new StreamConnection(
                        loop,
                        this,
                        config,
                        request -> topic(Integer.parseInt(request.market())),
                        json,
                        metrics,
                        time);
        private @Nullable StreamClose closed;
        private boolean aborted;
        private int pings;
        private boolean wasFull;

        @Override
        public boolean isFull() {
            return unread.size() >= QUEUE;
        }

        @Override
        public void write(String text) {
            assertThat(closed).isNull();
            unread.add(text);
            wasFull |= isFull();
            assertThat(unread).hasSizeLessThanOrEqualTo(QUEUE + 1);
        }

        @Override
        public void ping() {
            pings++;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void close(StreamClose why) {
            closed = why;
        }

        @Override
        public void abort() {
            aborted = true;
        }

        void read(int count) throws Exception {
            for (int i = 0; i < count && !unread.isEmpty(); i++) {
                take(json.readTree(unread.removeFirst()));
            }
            if (wasFull && unread.size() <= QUEUE / 2) {
                wasFull = false;
                connection.drained();
            }
        }

        void readAll() throws Exception {
            while (!unread.isEmpty()) {
                read(Integer.MAX_VALUE);
            }
        }

        private void take(JsonNode message) {
            String topic = message.path("market").asText();
            switch (message.path("type").asText()) {
                case "subscribed" -> {
                    seqs.put(topic, message.path("seq").asLong());
                    since.put(topic, message.path("seq").asLong());
                    learn(topic, message.path("snapshot"));
                }
                case "unsubscribed" -> seqs.remove(topic);
                case "delta" -> {
                    assertThat(message.path("prevSeq").asLong()).isEqualTo(seqs.get(topic));
                    assertThat(message.path("seq").asLong())
                            .isGreaterThan(message.path("prevSeq").asLong());
                    seqs.put(topic, message.path("seq").asLong());
                    learn(topic, message.path("data"));
                }
                default -> throw new AssertionError(message);
            }
        }

        private void learn(String topic, JsonNode data) {
            if (data.isObject()) {
                known.put(topic + data.path("key").asText(), data.path("value").asLong());
            }
        }
    }

    private static StreamTopic topic(int number) {
        return new StreamTopic("numbers", Integer.toString(number), null);
    }

    private void publish(int number, int key) {
        offer(number, key);
        loop.deliver();
    }

    private boolean offer(int number, int key) {
        StreamTopic topic = topic(number);
        StreamMessage before = published.get(topic);
        long prev = before == null ? 0 : before.seq();
        long seq = prev + 1 + key;
        String data = "{\"key\":\"" + key + "\",\"value\":" + seq + "}";
        StreamMessage message = StreamMessage.of(topic, seq, prev, Integer.toString(key), data);
        published.put(topic, message);
        return loop.offer(message);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldSeeAChainWithoutAGapWhenItReadsInBursts(long seed) throws Exception {
        new StrictJson().customize(json);
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Long> newest = new HashMap<>();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Client client = new Client();
            loop.add(client.connection);
            clients.add(client);
            for (int topic = 0; topic < TOPICS; topic++) {
                client.connection.text(subscribe("subscribe", topic));
                client.read(1);
            }
        }

        for (int step = 0; step < 3_000; step++) {
            now += random.nextInt(20);
            int topic = random.nextInt(TOPICS);
            int key = random.nextInt(KEYS);
            offer(topic, key);
            if (random.nextInt(3) > 0) {
                loop.deliver();
            }
            newest.put(Integer.toString(topic) + key, lastSeq(topic));
            Client client = clients.get(random.nextInt(clients.size()));
            if (random.nextInt(3) > 0) {
                client.read(random.nextInt(8));
            }
            if (random.nextInt(100) == 0) {
                client.readAll();
                int other = random.nextInt(TOPICS);
                client.connection.text(subscribe("unsubscribe", other));
                client.connection.text(subscribe("subscribe", other));
            }
        }
        loop.deliver();
        for (Client client : clients) {
            client.readAll();
        }

        for (Client client : clients) {
            assertThat(client.closed).isNull();
            for (int topic = 0; topic < TOPICS; topic++) {
                assertThat(client.seqs).containsEntry(Integer.toString(topic), lastSeq(topic));
            }
            newest.forEach(
                    (topicAndKey, seq) -> {
                        if (seq > client.since.get(topicAndKey.substring(0, 1))) {
                            assertThat(client.known).containsEntry(topicAndKey, seq);
                        }
                    });
        }
    }

    /** However far behind the loop is: it is told once, and few changes wait for it. */
    @Test
    void shouldKeepTheNewestOfEachKeyWhenChangesComeFasterThanTheLoop() throws Exception {
        new StrictJson().customize(json);
        Client client = new Client();
        loop.add(client.connection);
        client.connection.text(subscribe("subscribe", 0));
        client.readAll();

        assertThat(offer(0, 0)).isTrue();
        for (int i = 1; i < 10_000; i++) {
            assertThat(offer(0, i % KEYS)).isFalse();
            assertThat(loop.offered()).isLessThanOrEqualTo(64);
        }
        loop.deliver();

        client.readAll();
        assertThat(client.seqs).containsEntry("0", lastSeq(0));
        assertThat(client.known).hasSize(KEYS);
        assertThat(offer(0, 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void shouldDropItWithAReasonWhenItNeverReads(int changes) throws Exception {
        new StrictJson().customize(json);
        Client client = new Client();
        loop.add(client.connection);
        client.connection.text(subscribe("subscribe", 0));
        for (int i = 0; i < QUEUE + changes; i++) {
            publish(0, i % KEYS);
        }

        now += config.slowMillisMax() - 1;
        loop.check();
        assertThat(client.closed).isNull();
        now += 1;
        loop.check();
        assertThat(client.closed).isEqualTo(StreamClose.SLOW_CONSUMER);
        publish(0, 0);
        now += 5_000;
        loop.check();

        assertThat(client.aborted).isTrue();
        assertThat(client.unread).hasSize(QUEUE);
    }

    @Test
    void shouldBePingedAndThenEndedWhenItSaysNothing() {
        Client client = new Client();
        loop.add(client.connection);
        now += config.pingMillis();
        loop.check();
        assertThat(client.pings).isEqualTo(1);
        client.connection.frame();

        now += config.idleMillisMax() - 1;
        loop.check();
        assertThat(client.closed).isNull();
        now += 1;
        loop.check();

        assertThat(client.closed).isEqualTo(StreamClose.IDLE);
    }

    /** Set back, it would keep dead streams; set forward, it would end all that are quiet. */
    @Test
    void shouldNotGoByAWallClockBecauseThatMayBeSet() {
        assertThatThrownBy(
                        () ->
                                new StreamConnection(
                                        loop,
                                        new Client(),
                                        config,
                                        request -> topic(0),
                                        json,
                                        metrics,
                                        TimeMeter.SYSTEM_MILLISECONDS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldDropItWhenMoreKeysWaitThanMay() throws Exception {
        int keys = config.waitingPerTopicMax() + 1;
        new StrictJson().customize(json);
        Client client = new Client();
        loop.add(client.connection);
        client.connection.text(subscribe("subscribe", 0));
        while (!client.isFull()) {
            publish(0, 0);
        }

        for (int key = 1; key < keys; key++) {
            publish(0, key);
        }
        assertThat(client.closed).isNull();
        publish(0, keys);

        assertThat(client.closed).isEqualTo(StreamClose.SLOW_CONSUMER);
    }

    private long lastSeq(int topic) {
        return published.get(topic(topic)).seq();
    }

    private static String subscribe(String op, int topic) {
        return "{\"op\":\"%s\",\"channel\":\"numbers\",\"market\":\"%d\"}".formatted(op, topic);
    }
}
