package io.perpetua.devstack;

import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real Kafka broker and its controller, one node, with every topic of the platform. */
public final class Broker {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final String CLIENTS = "CLIENTS";
    private static final String CONTROLLER = "CONTROLLER";

    private final StateFolder state;
    private final int port;
    private final int controllerPort;

    private Broker(StateFolder state, int port, int controllerPort) {
        this.state = state;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    /** Arguments: state folder, port, port of the controller. Runs until it is told to stop. */
    public static void main(String[] arguments) throws Exception {
        new Broker(
                        StateFolder.open(Path.of(arguments[0])),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]))
                .run();
    }

    private void run() throws Exception {
        // Kafka looks up its plug-ins in the context class loader of the thread that starts it.
        Thread.currentThread().setContextClassLoader(Broker.class.getClassLoader());
        if (!Files.exists(state.kafkaData())) {
            format();
        }
        KafkaRaftServer server =
                new KafkaRaftServer(KafkaConfig.fromProps(properties()), Time.SYSTEM);
        server.startup();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    deleteReadyFile();
                                    server.shutdown();
                                }));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            createTopics(admin);
        }
        Files.writeString(state.brokerReady(), "ready\n");
        server.awaitShutdown();
    }

    private void deleteReadyFile() {
        try {
            Files.deleteIfExists(state.brokerReady());
        } catch (IOException e) {
            System.err.println("can't delete " + state.brokerReady() + ": " + e);
        }
    }

    /** The data folder appears under its name in one step, when it is whole. */
    private void format() throws Exception {
        Path partial = state.kafkaData().resolveSibling("kafka.partial");
        PostgresBinaries.deleteAll(partial);
        Files.createDirectory(partial);
        new Formatter()
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(partial.toString()))
                .setMetadataLogDirectory(partial.toString())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setControllerListenerName(CONTROLLER)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .run();
        Files.move(partial, state.kafkaData(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.putAll(
                Map.of(
                        "process.roles",
                        "broker,controller",
                        "node.id",
                        "1",
                        "controller.quorum.voters",
                        "1@127.0.0.1:" + controllerPort,
                        "controller.listener.names",
                        CONTROLLER,
                        "inter.broker.listener.name",
                        CLIENTS,
                        "listener.security.protocol.map",
                        CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
                        "listeners",
                        "%s://127.0.0.1:%d,%s://127.0.0.1:%d"
                                .formatted(CLIENTS, port, CONTROLLER, controllerPort),
                        "advertised.listeners",
                        CLIENTS + "://127.0.0.1:" + port,
                        "log.dirs",
                        state.kafkaData().toString(),
                        "auto.create.topics.enable",
                        "false"));
        properties.putAll(
                Map.of(
                        "offsets.topic.replication.factor", "1",
                        "offsets.topic.num.partitions", "1",
                        "transaction.state.log.replication.factor", "1",
                        "transaction.state.log.min.isr", "1",
                        "transaction.state.log.num.partitions", "1",
                        "share.coordinator.state.topic.replication.factor", "1",
                        "share.coordinator.state.topic.min.isr", "1",
                        "share.coordinator.state.topic.num.partitions", "1",
                        "group.initial.rebalance.delay.ms", "0",
                        "log.cleaner.dedupe.buffer.size", "8388608"));
        // A killed broker can't register again before its last session has run out.
        properties.putAll(
                Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500"));
        // A stack that was down for longer than a week must still find what it has not read.
        properties.putAll(
                Map.of(
                        "log.retention.ms", "-1",
                        "num.network.threads", "2",
                        "num.io.threads", "4",
                        "num.recovery.threads.per.data.dir", "2"));
        return properties;
    }

    private static void createTopics(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic topic : Topics.all()) {
            boolean isCompacted = topic.retention() == Topic.Retention.NEWEST;
            wanted.add(newTopic(topic.name(), topic.partitions(), isCompacted));
        }
        for (Service service : Service.values()) {
            wanted.add(newTopic(Topics.deadLetters(service.label()), 1, false));
        }
        Set<String> existing = get(admin.listTopics().names());
        get(
                admin.createTopics(
                                wanted.stream()
                                        .filter(topic -> !existing.contains(topic.name()))
                                        .toList())
                        .all());
        checkPartitions(admin, wanted, existing);
    }

    static NewTopic newTopic(String name, int partitions, boolean isCompacted) {
        return new NewTopic(name, partitions, (short) 1)
                .configs(
                        isCompacted
                                ? Map.of(
                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                        TopicConfig.CLEANUP_POLICY_COMPACT)
                                : Map.of());
    }

    /** Keys are spread over a fixed number of partitions: another number would mix up shards. */
    private static void checkPartitions(Admin admin, List<NewTopic> wanted, Set<String> existing)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> names =
                wanted.stream().map(NewTopic::name).filter(existing::contains).toList();
        Map<String, TopicDescription> found = get(admin.describeTopics(names).allTopicNames());
        for (NewTopic topic : wanted) {
            TopicDescription description = found.get(topic.name());
            if (description != null && description.partitions().size() != topic.numPartitions()) {
                throw new IllegalStateException(
                        "topic %s has %d partitions in this state folder, %d are meant"
                                .formatted(
                                        topic.name(),
                                        description.partitions().size(),
                                        topic.numPartitions()));
            }
        }
    }

    private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
