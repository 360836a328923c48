package io.perpetua.devstack;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Makes, on an operator's own PostgreSQL and Kafka, what the services expect to find: the database,
 * three roles and a schema a service, and every topic. Takes everything from the environment, can
 * be run again at any time, and is run again when a release brings new topics or passwords change.
 */
public final class Bootstrap {
    /** {@code jdbc:postgresql://host:port/database?parameters}, as the services have it. */
    static final String DATABASE_URL = "PERPETUA_DATABASE_URL";

    static final String SUPERUSER = "PERPETUA_DATABASE_SUPERUSER";
    static final String SUPERUSER_PASSWORD = "PERPETUA_DATABASE_SUPERUSER_PASSWORD";
    static final String BOOTSTRAP_SERVERS = "PERPETUA_KAFKA_BOOTSTRAP_SERVERS";

    /** How many brokers keep each partition. */
    static final String TOPIC_REPLICAS = "PERPETUA_TOPIC_REPLICAS";

    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/?]+/)([^?]+)(.*)");

    private final Map<String, String> environment;

    Bootstrap(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** No arguments. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            new Bootstrap(System.getenv()).run();
        } catch (StackException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (SQLException | ExecutionException | TimeoutException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** The variable with the password of a service's three roles. */
    static String passwordVariable(Service service) {
        return "PERPETUA_%s_DATABASE_PASSWORD".formatted(service.schema().toUpperCase(Locale.ROOT));
    }

    void run() throws SQLException, ExecutionException, TimeoutException, InterruptedException {
        String url = required(DATABASE_URL);
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new StackException(DATABASE_URL + " is no jdbc:postgresql://host:port/database");
        }
        int replicas = replicas();
        Map<Service, String> passwords = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            passwords.put(service, required(passwordVariable(service)));
        }
        new DatabaseBootstrap(
                        database -> parts.group(1) + database + parts.group(3),
                        required(SUPERUSER),
                        required(SUPERUSER_PASSWORD),
                        passwords)
                .prepareDatabase(parts.group(2));
        System.out.println("The database has its roles and schemas.");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", required(BOOTSTRAP_SERVERS)))) {
            List<String> made = new TopicBootstrap(admin, replicas).prepareTopics();
            System.out.println("Topics made now: " + made.size());
        }
    }

    private int replicas() {
        String text = required(TOPIC_REPLICAS);
        if (!text.matches("[1-9]")) {
            throw new StackException(TOPIC_REPLICAS + " is a number from 1 to 9, not " + text);
        }
        return Integer.parseInt(text);
    }

    private String required(String variable) {
        @Nullable String value = environment.get(variable);
        if (value == null || value.isBlank()) {
            throw new StackException(variable + " is not set.");
        }
        return value;
    }
}
