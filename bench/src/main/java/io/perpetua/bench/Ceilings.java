package io.perpetua.bench;

import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What this machine can do at most, on a PostgreSQL and a broker of its own: one hop from HTTP
 * through a batched commit to the reply, and one record at a time through the broker.
 */
final class Ceilings {
    private static final int RECORD_BYTES = 200;
    private static final int LARGEST_BATCH = 1_024;

    /** Until the compiler is done with the few methods that take part. */
    private static final int WARM_UP_SECONDS = 30;

    private Ceilings() {}

    /** Prints them; returns the requests a second of the single hop. */
    static double measure(int connections, int seconds, PrintWriter out) throws Exception {
        Backends backends = Backends.shared();
        double perSecond = commits(backends.createDatabase(), connections, seconds, out);
        roundTrips(backends, seconds, out);
        return perSecond;
    }

    private record Waiting(byte[] body, Promise<Void> committed) {}

    private static double commits(Database database, int connections, int seconds, PrintWriter out)
            throws Exception {
        ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(1 << 16);
        Thread committer;
        Vertx server = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Vertx clients = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (Connection connection = database.connect("postgres")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "create table arrival (id bigint generated always as identity primary key,"
                                + " body bytea not null)");
            }
            connection.setAutoCommit(false);
            committer = Thread.ofPlatform().daemon().start(() -> commit(connection, queue));
            HttpServer http =
                    server.createHttpServer()
                            .requestHandler(
                                    request ->
                                            request.body()
                                                    .compose(body -> enqueue(queue, body))
                                                    .onSuccess(
                                                            done ->
                                                                    request.response()
                                                                            .setStatusCode(201)
                                                                            .end("{}")))
                            .listen(0, "127.0.0.1")
                            .await(10, TimeUnit.SECONDS);
            LongAdder answered = new LongAdder();
            AtomicBoolean ended = new AtomicBoolean();
            HttpClient client =
                    clients.createHttpClient(
                            new HttpClientOptions(),
                            new PoolOptions().setHttp1MaxSize(connections));
            Buffer body = Buffer.buffer(new byte[RECORD_BYTES]);
            for (int i = 0; i < connections; i++) {
                again(client, http.actualPort(), body, answered, ended);
            }
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            long before = answered.sum();
            TimeUnit.SECONDS.sleep(seconds);
            double perSecond = (answered.sum() - before) / (double) seconds;
            out.printf(
                    Locale.ROOT,
                    "ceiling: HTTP, one batched commit, reply: %,.0f a second over %d connections%n",
                    perSecond,
                    connections);
            out.flush();
            ended.set(true);
            clients.close().await();
            server.close().await();
            committer.interrupt();
            committer.join();
            return perSecond;
        }
    }

    private static Future<Void> enqueue(ArrayBlockingQueue<Waiting> queue, Buffer body) {
        Promise<Void> committed = Promise.promise();
        if (!queue.offer(new Waiting(body.getBytes(), committed))) {
            committed.fail("full");
        }
        return committed.future();
    }

    private static void again(
            HttpClient client, int port, Buffer body, LongAdder answered, AtomicBoolean ended) {
        client.request(HttpMethod.POST, port, "127.0.0.1", "/")
                .compose(request -> request.send(body))
                .compose(response -> response.body())
                .onSuccess(
                        any -> {
                            answered.increment();
                            if (!ended.get()) {
                                again(client, port, body, answered, ended);
                            }
                        });
    }

    private static void commit(Connection connection, ArrayBlockingQueue<Waiting> queue) {
        List<Waiting> batch = new ArrayList<>();
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into arrival (body) select unnest(?::bytea[])")) {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, LARGEST_BATCH);
                byte[][] bodies = batch.stream().map(Waiting::body).toArray(byte[][]::new);
                insert.setArray(1, connection.createArrayOf("bytea", bodies));
                insert.executeUpdate();
                connection.commit();
                batch.forEach(one -> one.committed().complete());
                batch.clear();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (SQLException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static void roundTrips(Backends backends, int seconds, PrintWriter out) {
        backends.createTopic("bench.round-trips.v1", 1);
        TopicPartition partition = new TopicPartition("bench.round-trips.v1", 0);
        Properties common = new Properties();
        common.setProperty("bootstrap.servers", backends.bootstrapServers());
        Properties sending = new Properties();
        sending.putAll(common);
        sending.setProperty("acks", "all");
        sending.setProperty("linger.ms", "0");
        Properties reading = new Properties();
        reading.putAll(common);
        reading.setProperty("fetch.min.bytes", "1");
        Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        try (var producer =
                        new KafkaProducer<>(
                                sending, new ByteArraySerializer(), new ByteArraySerializer());
                var consumer =
                        new KafkaConsumer<>(
                                reading,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            byte[] value = new byte[RECORD_BYTES];
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                var _ = producer.send(new ProducerRecord<>(partition.topic(), 0, null, value));
                while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
                    if (System.nanoTime() > end + TimeUnit.SECONDS.toNanos(30)) {
                        throw new IllegalStateException("a record never came back");
                    }
                }
                nanos.recordValue(System.nanoTime() - began);
            }
        }
        out.printf(
                Locale.ROOT,
                "ceiling: one record at a time through the broker: p50 %.2f ms, p99 %.2f ms%n",
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6);
        out.flush();
    }
}
