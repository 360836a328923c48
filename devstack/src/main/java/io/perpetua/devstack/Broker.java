package io.perpetua.devstack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real Kafka broker and its controller, one node, with every topic of the platform. */
public final class Broker {
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
    public static void main(String[] arguments) {
        try {
            new Broker(
                            StateFolder.open(Path.of(arguments[0])),
                            Integer.parseInt(arguments[1]),
                            Integer.parseInt(arguments[2]))
                    .run();
        } catch (Exception failed) {
            failed.printStackTrace();
            // Kafka's own threads would keep the process alive.
            System.exit(1);
        }
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
            new TopicBootstrap(admin, 1).prepareTopics();
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
}
