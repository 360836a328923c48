package io.perpetua.orders.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.orders.Admissions;
import io.perpetua.orders.OrdersDatabase;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The market shards over the real log and database, with admissions as risk would send them. */
class MarketShardsIT {
    private static final long SEED = 20261120;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final Market FIRST = Admissions.market(1, "BTC-PERP");
    private static final Market SECOND = Admissions.market(2, "ETH-PERP");

    private final Backends backends = Backends.shared();
    private final List<Eventlog> logs = new ArrayList<>();
    private final Map<Integer, MarketShard> newest = new ConcurrentHashMap<>();
    private Database database;
    private PGSimpleDataSource riskDatabase;
    private Eventlog risk;
    private String source;

    @BeforeEach
    void startRisk() throws SQLException {
        database = OrdersDatabase.create();
        OrdersDatabase.migrate(database, "risk", "db/eventlog");
        startAtTheEndsOfTopics();
        riskDatabase = dataSource("risk_shard");
        risk = open("risk");
        source = "risk-of-" + database.name();
        risk.relay(source, riskDatabase);
        send(change(FIRST), change(SECOND));
    }

    @AfterEach
    void stopAll() {
        logs.forEach(Eventlog::close);
    }

    @Test
    void shouldBeTheSameAfterARestartWhenOrdersTraded() throws Exception {
        // Given
        Admissions admissions = new Admissions(SEED, List.of(FIRST, SECOND));
        Eventlog orders = runShards();
        send(admissions.next(400));
        awaitOutcomes(admissions.sent());
        orders.close();
        long inMemory = hashInMemory();
        assertThat(hashInRows()).as("seed " + SEED).isEqualTo(inMemory);

        // When
        Eventlog restarted = runShards();
        send(admissions.next(400));
        awaitOutcomes(admissions.sent());
        restarted.close();

        // Then
        assertThat(hashInRows()).as("seed " + SEED).isEqualTo(hashInMemory());
        assertThat(count("trades")).as("seed " + SEED).isPositive();
        assertThat(count("fills")).isEqualTo(2 * count("trades"));
        assertBalanced();
    }

    @Test
    void shouldDoNothingTwiceWhenAdmissionsAreSentTwice() throws Exception {
        // Given
        Admissions admissions = new Admissions(SEED + 1, List.of(FIRST, SECOND));
        Eventlog orders = runShards();
        send(admissions.next(100));
        awaitOutcomes(admissions.sent());
        long orderRows = count("orders");
        long tradeRows = count("trades");

        // When
        sendAgain();
        send(admissions.next(1));
        awaitOutcomes(admissions.sent());
        orders.close();

        // Then
        assertThat(count("orders")).isBetween(orderRows, orderRows + 1);
        assertThat(count("trades")).isBetween(tradeRows, tradeRows + 5);
        assertThat(hashInRows()).isEqualTo(hashInMemory());
        assertBalanced();
    }

    private Eventlog runShards() {
        Eventlog log = open("orders");
        log.run(new Watched(new MarketShards((top, depth) -> {})), dataSource("orders_shard"));
        return log;
    }

    private Eventlog open(String service) {
        Eventlog log =
                Eventlog.open(
                        EventlogSettings.of(
                                service,
                                service + "-1",
                                backends.bootstrapServers(),
                                new SimpleMeterRegistry()));
        logs.add(log);
        return log;
    }

    private PGSimpleDataSource dataSource(String role) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl(role));
        return source;
    }

    /** Tests share topics: what others left there is none of this test's. */
    private void startAtTheEndsOfTopics() throws SQLException {
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(
                                Map.of("bootstrap.servers", backends.bootstrapServers()),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                Connection owner = database.connect("orders_owner");
                PreparedStatement shard =
                        owner.prepareStatement(
                                "insert into shard (id, kind, progress)"
                                        + " values (?, ?, json_build_object('offsets',"
                                        + " json_build_object(?::text, ?::bigint, ?::text, ?::bigint)))")) {
            String kind = new MarketShards((top, depth) -> {}).name();
            for (int index = 0; index < Partitions.MARKETS; index++) {
                String id = kind + "-" + index;
                shard.setString(1, id);
                shard.setString(2, kind);
                int column = 3;
                for (Topic topic : List.of(Topics.MARKET_CHANGES, Topics.ADMISSIONS)) {
                    TopicPartition partition = new TopicPartition(topic.name(), index);
                    shard.setString(column++, topic.name());
                    shard.setLong(column++, consumer.endOffsets(List.of(partition)).get(partition));
                }
                shard.executeUpdate();
            }
        }
    }

    private static Outgoing change(Market market) {
        return new Outgoing(
                Topics.MARKET_CHANGES.name(),
                Partitions.of(market.id()),
                null,
                EventCodec.encode(MarketChanged.class, new MarketChanged(market, 0)),
                null);
    }

    private void send(List<Admission> admissions) throws SQLException {
        send(
                admissions.stream()
                        .map(
                                admission ->
                                        new Outgoing(
                                                Topics.ADMISSIONS.name(),
                                                Partitions.of(admission.command().market()),
                                                null,
                                                EventCodec.encode(Admission.class, admission),
                                                null))
                        .toArray(Outgoing[]::new));
    }

    private void send(Outgoing... records) throws SQLException {
        try (Connection connection = riskDatabase.getConnection()) {
            connection.setAutoCommit(false);
            risk.emit(connection, source, List.of(records));
            connection.commit();
        }
        risk.committed(source);
    }

    /** Copies every admission there is to the end of its partition, number and all. */
    private void sendAgain() throws Exception {
        Map<String, Object> servers = Map.of("bootstrap.servers", backends.bootstrapServers());
        List<TopicPartition> partitions =
                IntStream.range(0, Partitions.MARKETS)
                        .mapToObj(index -> new TopicPartition(Topics.ADMISSIONS.name(), index))
                        .toList();
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(
                                servers, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                servers, new ByteArraySerializer(), new ByteArraySerializer())) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.offset()
                            < ends.get(new TopicPartition(record.topic(), record.partition()))) {
                        producer.send(
                                        new ProducerRecord<>(
                                                record.topic(),
                                                record.partition(),
                                                record.key(),
                                                record.value(),
                                                record.headers()))
                                .get();
                    }
                }
            }
        }
    }

    /** Waits until the shards have accepted so many admissions. */
    private void awaitOutcomes(long admissions) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (number(
                        "select coalesce(sum(number), 0) from mark where topic = 'risk.admissions.v1'")
                < admissions) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private long hashInMemory() {
        return newest.values().stream().mapToLong(MarketShard::stateHash).sum();
    }

    private long hashInRows() throws SQLException {
        MarketShards group = new MarketShards((top, depth) -> {});
        List<MarketShard> shards =
                IntStream.range(0, group.shards()).mapToObj(group::create).toList();
        try (Connection connection = database.connect("orders_shard")) {
            connection.setAutoCommit(false);
            group.load(shards, connection);
        }
        return shards.stream().mapToLong(MarketShard::stateHash).sum();
    }

    private void assertBalanced() throws SQLException {
        assertThat(number("select sum(size_e8) from positions")).isZero();
        assertThat(number("select sum(cost_micros) from positions"))
                .isEqualTo(number("select sum(realised_micros) from market_states"));
        assertThat(number("select sum(trades) from market_states")).isEqualTo(count("trades"));
    }

    private long count(String table) throws SQLException {
        return number("select count(*) from " + table);
    }

    private long number(String query) throws SQLException {
        try (Connection connection = database.connect("orders_shard");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The real group, which remembers the newest state of each shard. */
    private final class Watched implements ShardGroup<MarketShard, Connection> {
        private final MarketShards group;

        Watched(MarketShards group) {
            this.group = group;
        }

        @Override
        public String name() {
            return group.name();
        }

        @Override
        public int shards() {
            return group.shards();
        }

        @Override
        public List<InputTopic> inputs() {
            return group.inputs();
        }

        @Override
        public MarketShard create(int index) {
            MarketShard shard = group.create(index);
            newest.put(index, shard);
            return shard;
        }

        @Override
        public void load(List<MarketShard> shards, Connection transaction) throws SQLException {
            group.load(shards, transaction);
        }

        @Override
        public void prefetch(Map<MarketShard, List<Incoming>> batch, Connection transaction)
                throws SQLException {
            group.prefetch(batch, transaction);
        }

        @Override
        public void flush(List<MarketShard> changed, Connection transaction, Writes writes) {
            group.flush(changed, transaction, writes);
        }
    }
}
