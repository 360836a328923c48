package io.perpetua.devstack;

import io.perpetua.contracts.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * PostgreSQL and Kafka alone, for tests: {@code Backends STATE-FOLDER}.
 *
 * <p>Takes free ports, prints {@code ready <postgres port> <broker port>} on a line of its own,
 * then carries out one command a line from standard input and answers each with {@code done} or
 * {@code failed <why>}: {@code database <name>}, {@code topic <name> <partitions> history|newest}.
 * The end of standard input, which comes with the death of whoever holds its other end, stops both.
 */
public final class Backends {
    private final StateFolder state;
    private final Ports ports;

    private Backends(StateFolder state, Ports ports) {
        this.state = state;
        this.ports = ports;
    }

    /** Argument: the state folder. */
    public static void main(String[] arguments) throws InterruptedException {
        Backends backends = new Backends(StateFolder.open(Path.of(arguments[0])), Ports.free());
        try {
            backends.run();
        } catch (StackException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws InterruptedException {
        Supervisor supervisor =
                new Supervisor(state, line -> System.err.println("  " + line), false);
        supervisor.own();
        PostgresPart postgres = new PostgresPart(state, ports.postgres());
        List<Part> parts =
                List.of(new BrokerPart(state, ports.broker(), ports.controller()), postgres);
        supervisor.clear(parts, postgres);
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::stop));
        try {
            supervisor.start(parts);
        } catch (StackException e) {
            supervisor.abandon();
            throw e;
        }
        if (!supervisor.isStopAsked()) {
            System.out.printf("ready %d %d%n", ports.postgres(), ports.broker());
        }
        Thread.ofPlatform().daemon().name("commands").start(this::obey);
        supervisor.tend();
    }

    private void obey() {
        try (BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = commands.readLine();
            while (line != null) {
                System.out.println(answer(List.of(line.strip().split(" "))));
                line = commands.readLine();
            }
        } catch (IOException endOfParent) {
            System.err.println("standard input broke: " + endOfParent);
        }
        System.exit(0);
    }

    private String answer(List<String> words) {
        try {
            switch (words.getFirst()) {
                case "database" ->
                        DatabaseBootstrap.ofStack(ports.postgres(), state.databasePassword())
                                .prepareDatabase(words.get(1));
                case "topic" ->
                        createTopic(
                                words.get(1),
                                Integer.parseInt(words.get(2)),
                                words.get(3).equals("newest")
                                        ? Topic.Retention.NEWEST
                                        : Topic.Retention.HISTORY);
                default -> {
                    return "failed unknown command " + words.getFirst();
                }
            }
            return "done";
        } catch (SQLException | ExecutionException | StackException e) {
            return "failed " + String.valueOf(e.getMessage()).replace('\n', ' ');
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "failed interrupted";
        }
    }

    private void createTopic(String name, int partitions, Topic.Retention retention)
            throws InterruptedException, ExecutionException {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + ports.broker()))) {
            admin.createTopics(List.of(TopicBootstrap.newTopic(name, partitions, retention, 1)))
                    .all()
                    .get();
        }
    }
}
