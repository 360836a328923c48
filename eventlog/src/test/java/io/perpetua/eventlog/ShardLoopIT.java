package io.perpetua.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.eventlog.RelayRace.Lanes;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.postgresql.ds.PGSimpleDataSource;

/** The loop against real PostgreSQL and Kafka, with its processes and theirs killed and paused. */
class ShardLoopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Backends backends = Backends.shared();
    private final List<Process> children = new ArrayList<>();
    private final List<Eventlog> logs = new ArrayList<>();
    private Database database;
    private String test;
    private Lanes lanes;

    @BeforeEach
    void createTables(TestInfo info) throws SQLException, IOException {
        test = info.getTestMethod().orElseThrow().getName();
        lanes = Lanes.of(test);
        database = backends.createDatabase();
        backends.createTopic(lanes.commands(), RelayRace.SHARDS);
        backends.createTopic(lanes.passes(), RelayRace.SHARDS);
        backends.createTopic(lanes.echoes(), RelayRace.SHARDS);
        try (Connection owner = database.connect("orders_owner");
                Statement statement = owner.createStatement();
                var migration = getClass().getResourceAsStream("/db/eventlog/V0_1__eventlog.sql")) {
            statement.execute(new String(migration.readAllBytes(), StandardCharsets.UTF_8));
            statement.execute(RelayRace.SCHEMA);
        }
    }

    @AfterEach
    void endAll() {
        logs.forEach(Eventlog::close);
        children.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldPassEveryTokenOnceWhenTheProcessIsKilled() throws Exception {
        Eventlog client = client();
        Process running = spawn("one");
        for (int round = 0; round < 3; round++) {
            send(client, round * 1_000L, 1_000);
            awaitCaught(round * 1_000 + 200);
            running.destroyForcibly().waitFor();
            running = spawn("one");
        }

        awaitCaught(3_000);
        assertEachCaughtOnce(3_000);
    }

    @Test
    void shouldPassEveryTokenOnceWhenBackendsAreKilled() throws Exception {
        Eventlog client = client();
        logs.add(RelayRace.start(shardUrl(), backends.bootstrapServers(), "one", lanes));
        send(client, 0, 1_000);
        awaitCaught(100);

        backends.broker().kill();
        backends.broker().awaitUp();
        send(client, 1_000, 1_000);
        awaitCaught(1_100);
        backends.postgres().kill();
        backends.postgres().awaitUp();
        send(client, 2_000, 1_000);

        awaitCaught(3_000);
        assertEachCaughtOnce(3_000);
    }

    @Test
    void shouldHaveAProblemUntilItsFirstShardsAreLoaded() throws Exception {
        Eventlog log;
        try (Connection blocker = database.connect("orders_owner")) {
            blocker.setAutoCommit(false);
            try (Statement statement = blocker.createStatement()) {
                statement.execute("lock table run in access exclusive mode");
            }
            log = RelayRace.start(shardUrl(), backends.bootstrapServers(), "one", lanes);
            logs.add(log);
            await(() -> number("select min(epoch) from shard where kind = 'runners'") > 0);

            assertThat(log.problems()).contains("runners: shards are being loaded");
            blocker.rollback();
        }

        await(() -> log.problems().isEmpty());
    }

    @Test
    void shouldFenceTheOwnerWhenItWakesUpLate() throws Exception {
        Eventlog client = client();
        Process sleeper = spawn("sleeper");
        send(client, 0, 500);
        awaitCaught(500);

        signal(sleeper, "STOP");
        logs.add(RelayRace.start(shardUrl(), backends.bootstrapServers(), "other", lanes));
        send(client, 500, 500);
        awaitCaught(1_000);
        signal(sleeper, "CONT");
        send(client, 1_000, 1_000);

        awaitCaught(2_000);
        assertEachCaughtOnce(2_000);
        await(() -> number("select count(distinct owner) from shard where kind = 'runners'") == 2);
        send(client, 2_000, 500);
        awaitCaught(2_500);
        assertEachCaughtOnce(2_500);
    }

    @Test
    void shouldRelayEveryCommittedTransactionOnceWhenTheRelayIsKilled() throws Exception {
        Eventlog client = client();
        Process running = spawn("one");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int first = writer * 250;
                writers.add(threads.submit(() -> write(client, first)));
            }
            awaitCaught(100);
            running.destroyForcibly().waitFor();
            spawn("two");
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }

        awaitCaught(1_000);
        assertEachCaughtOnce(1_000);
        await(() -> number("select count(*) from outbox") == 0);
    }

    /** Commits 250 tokens, each to two catchers' channels or one, and rolls as many back. */
    private Void write(Eventlog log, int first) throws SQLException {
        try (Connection api = database.connect("orders_api")) {
            api.setAutoCommit(false);
            for (int token = first; token < first + 250; token += 2) {
                log.emit(api, "http", List.of(pass(1_000_000 + token), pass(2_000_001 + token)));
                api.rollback();
                log.emit(api, "http", List.of(pass(token + 1), pass(token)));
                api.commit();
                log.committed("http");
            }
        }
        return null;
    }

    private Outgoing pass(long token) {
        return new Outgoing(
                lanes.passes(),
                (int) (token % RelayRace.SHARDS),
                null,
                RelayRace.bytes(token),
                null);
    }

    @Test
    void shouldAnswerTheRightGatewayWhenTwoAwaitReplies() throws Exception {
        Eventlog node = RelayRace.start(shardUrl(), backends.bootstrapServers(), "one", lanes);
        logs.add(node);
        Eventlog first = client();
        Eventlog second = client();
        Gateway one = first.gateway(shardDatabase());
        Gateway other = second.gateway(shardDatabase());
        ReplyTail ofOne = first.tailReplies(one, lanes.echoes(), RelayRace.SHARDS);
        ReplyTail ofOther = second.tailReplies(other, lanes.echoes(), RelayRace.SHARDS);

        ReplyTail.Wait here = ofOne.expect();
        ReplyTail.Wait there = ofOther.expect();
        send(first, 7, here.reply());
        send(second, 8, there.reply());
        ReplyTail.Wait refused = ofOne.expect();
        send(first, -1, refused.reply());

        assertThat(one.number()).isNotEqualTo(other.number());
        assertThat(here.outcome().get(60, TimeUnit.SECONDS)).asString().isEqualTo("7");
        assertThat(there.outcome().get(60, TimeUnit.SECONDS)).asString().isEqualTo("8");
        assertThat(refused.outcome().get(60, TimeUnit.SECONDS)).asString().isEqualTo("refused");
        assertThat(ofOne.waiting() + ofOther.waiting()).isZero();
        assertThat(node.problems()).isEmpty();
    }

    @Test
    void shouldIssueRisingIdsWhenAskedByManyThreads() throws Exception {
        Eventlog log = client();
        Gateway gateway = log.gateway(shardDatabase());
        Set<Long> ids = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> issuers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                issuers.add(threads.submit(() -> issue(gateway, ids)));
            }
            for (Future<?> issuer : issuers) {
                issuer.get(60, TimeUnit.SECONDS);
            }
        }

        assertThat(ids).hasSize(20_000);
    }

    private static void issue(Gateway gateway, Set<Long> ids) {
        long last = 0;
        for (int n = 0; n < 5_000; n++) {
            long id = gateway.nextId();
            assertThat(id).isGreaterThan(last).isLessThan(1L << 53);
            ids.add(id);
            last = id;
        }
    }

    @Test
    void shouldStopTheShardWhenTheLogIsShorterThanItsOffset() throws Exception {
        Process running = spawn("one");
        Eventlog client = client();
        send(client, 0, 100);
        awaitCaught(100);
        running.destroyForcibly().waitFor();
        execute(
                "update shard set progress = json_build_object('offsets', (select"
                        + " json_object_agg(topic, 1000000) from shard_offset where shard = 'runners-2'))"
                        + " where id = 'runners-2'");

        Eventlog log = RelayRace.start(shardUrl(), backends.bootstrapServers(), "one", lanes);
        logs.add(log);

        await(() -> log.problems().stream().anyMatch(text -> text.startsWith("runners-2 stopped")));
        send(client, 100, 100);
        awaitCaught(175);
        assertThat(number("select next_offset from shard_offset where shard = 'runners-2'"))
                .isEqualTo(1_000_000);
    }

    @Test
    void shouldStopOnlyItsShardWhenAnEventCannotBeProcessed() throws Exception {
        Eventlog log = RelayRace.start(shardUrl(), backends.bootstrapServers(), "one", lanes);
        logs.add(log);
        Eventlog client = client();
        client.send(new Outgoing(lanes.passes(), 3, null, RelayRace.bytes(3), null))
                .toCompletableFuture()
                .get();

        await(
                () ->
                        log.problems().stream()
                                .anyMatch(text -> text.startsWith("catchers-3 stopped")));
        send(client, 0, 100);
        awaitCaught(75);
    }

    @Test
    void shouldGiveTheNewestValueWhenAKeyWasWrittenOften() throws Exception {
        String topic = test + ".newest";
        backends.createCompactedTopic(topic, 2);
        Eventlog client = client();
        Map<String, String> newest = new ConcurrentHashMap<>();
        for (int i = 1; i <= 50; i++) {
            publish(client, topic, "a", i);
            publish(client, topic, "b", i * 2L);
        }

        client.followNewest(
                topic,
                2,
                (key, value) -> newest.put(key, new String(value, StandardCharsets.UTF_8)));

        assertThat(newest).isEqualTo(Map.of("a", "50", "b", "100"));
        publish(client, topic, "a", 51);
        await(() -> newest.get("a").equals("51"));
    }

    private static void publish(Eventlog log, String topic, String key, long value)
            throws Exception {
        log.send(new Outgoing(topic, key.hashCode() % 2, key, RelayRace.bytes(value), null))
                .toCompletableFuture()
                .get();
    }

    private Eventlog client() {
        Eventlog log =
                Eventlog.open(
                        EventlogSettings.of(
                                "client-" + logs.size(),
                                "client-" + logs.size(),
                                backends.bootstrapServers(),
                                new io.micrometer.core.instrument.simple.SimpleMeterRegistry()));
        logs.add(log);
        return log;
    }

    private String shardUrl() {
        return database.jdbcUrl("orders_shard");
    }

    private PGSimpleDataSource shardDatabase() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(shardUrl());
        return source;
    }

    private Process spawn(String instance) throws IOException {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RelayRace.class.getName(),
                                shardUrl(),
                                backends.bootstrapServers(),
                                instance,
                                test)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        children.add(child);
        return child;
    }

    private static void signal(Process process, String name)
            throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
    }

    /** Sends tokens until the log has confirmed each; runners drop those sent twice. */
    private void send(Eventlog log, long first, int count) throws InterruptedException {
        List<Long> left = new ArrayList<>();
        for (long token = first; token < first + count; token++) {
            left.add(token);
        }
        while (!left.isEmpty()) {
            Map<Long, Future<Void>> sent = new HashMap<>();
            for (long token : left) {
                sent.put(token, log.send(command(token, null)).toCompletableFuture());
            }
            left.clear();
            for (Map.Entry<Long, Future<Void>> one : sent.entrySet()) {
                try {
                    one.getValue().get(30, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException unknown) {
                    left.add(one.getKey());
                }
            }
        }
    }

    private void send(Eventlog log, long token, String reply) throws Exception {
        log.send(command(token, reply)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Outgoing command(long token, String reply) {
        int runner = (int) Math.floorMod(token * 7, (long) RelayRace.SHARDS);
        return new Outgoing(lanes.commands(), runner, null, RelayRace.bytes(token), reply);
    }

    private void awaitCaught(int count) {
        await(() -> number("select count(*) from caught") >= count);
    }

    private void assertEachCaughtOnce(int count) throws SQLException {
        assertThat(number("select count(*) from caught")).isEqualTo(count);
        assertThat(number("select count(distinct token) from caught")).isEqualTo(count);
        assertThat(number("select max(token) from caught")).isEqualTo(count - 1);
        assertThat(
                        number(
                                "select count(*) from (select shard from caught group by shard"
                                        + " having max(place) + 1 <> count(*)) holes"))
                .isZero();
    }

    private long number(String sql) throws SQLException {
        try (Connection shard = database.connect("orders_shard");
                Statement statement = shard.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection shard = database.connect("orders_shard");
                Statement statement = shard.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The database may be away for a while. */
    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(condition);
    }
}
