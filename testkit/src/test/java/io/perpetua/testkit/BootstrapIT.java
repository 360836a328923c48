package io.perpetua.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** What an operator's bootstrap makes, run with no more jars than its image holds. */
class BootstrapIT {
    private static final String TOPIC = "market-data.dead-letters.v1";

    private final Backends backends = Backends.shared();
    private final Database other = backends.createDatabase();
    private final Database fresh =
            new Database(other.name() + "_fresh", other.port(), other.password());

    @Test
    void shouldMakeWhatIsMissingWhenRunAndRunAgain() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", backends.bootstrapServers()))) {
            admin.deleteTopics(List.of(TOPIC)).all().get();
        }
        Map<String, String> environment = environment();

        Result first = run(environment);
        Result second = run(environment);

        assertThat(first).isEqualTo(new Result(0, output(1)));
        assertThat(second).isEqualTo(new Result(0, output(0)));
        try (Connection owner = fresh.connect("orders_owner");
                Statement statement = owner.createStatement();
                ResultSet schema = statement.executeQuery("select current_schema()")) {
            assertThat(schema.next()).isTrue();
            assertThat(schema.getString(1)).isEqualTo("orders");
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", backends.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).contains(TOPIC);
        }
    }

    @Test
    void shouldNameTheVariableWhenItIsNotSet() throws Exception {
        Map<String, String> environment = environment();
        environment.remove("PERPETUA_RISK_DATABASE_PASSWORD");

        assertThat(run(environment))
                .isEqualTo(new Result(1, "PERPETUA_RISK_DATABASE_PASSWORD is not set.\n"));
    }

    private static String output(int topics) {
        return "The database has its roles and schemas.\nTopics made now: " + topics + "\n";
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PERPETUA_DATABASE_URL", fresh.jdbcUrl() + "?ApplicationName=bootstrap");
        environment.put("PERPETUA_DATABASE_SUPERUSER", "postgres");
        environment.put("PERPETUA_DATABASE_SUPERUSER_PASSWORD", fresh.password());
        environment.put("PERPETUA_KAFKA_BOOTSTRAP_SERVERS", backends.bootstrapServers());
        environment.put("PERPETUA_TOPIC_REPLICAS", "1");
        for (String service : List.of("ACCOUNTS", "ORDERS", "RISK", "MARKET_DATA")) {
            environment.put("PERPETUA_" + service + "_DATABASE_PASSWORD", fresh.password());
        }
        return environment;
    }

    private record Result(int exitCode, String output) {}

    private static Result run(Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder bootstrap =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                imageClassPath(),
                                "io.perpetua.devstack.Bootstrap")
                        .redirectErrorStream(true);
        bootstrap.environment().putAll(environment);
        Process process = bootstrap.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    /** The jars that the image's build copies. */
    private static String imageClassPath() throws IOException {
        String image =
                Files.readString(Repository.root().resolve("k8s/images/Dockerfile.bootstrap"));
        List<String> patterns =
                Pattern.compile("(\\S+)/(\\S+\\.jar)")
                        .matcher(image)
                        .results()
                        .map(MatchResult::group)
                        .toList();
        assertThat(patterns).hasSizeGreaterThan(3);
        StringBuilder classPath = new StringBuilder();
        for (String pattern : patterns) {
            int nameAt = pattern.lastIndexOf('/') + 1;
            Path folder = Repository.root().resolve(pattern.substring(0, nameAt));
            try (var jars = Files.newDirectoryStream(folder, pattern.substring(nameAt))) {
                int before = classPath.length();
                jars.forEach(jar -> classPath.append(jar).append(':'));
                assertThat(classPath.length()).as(pattern).isGreaterThan(before);
            }
        }
        return classPath.toString();
    }
}
