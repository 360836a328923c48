package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The event log over Kafka and PostgreSQL. */
final class KafkaEventlog implements Eventlog {
    private static final long START_SECONDS = 60;

    private final EventlogSettings settings;
    private final KafkaClients clients;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ConcurrentLinkedDeque<Runnable> closers = new ConcurrentLinkedDeque<>();
    private final Collection<Supplier<List<String>>> watched = new ConcurrentLinkedDeque<>();
    private final ConcurrentHashMap<String, Runnable> wakers = new ConcurrentHashMap<>();

    KafkaEventlog(EventlogSettings settings) {
        this.settings = settings;
        this.clients = new KafkaClients(settings);
        this.producer = clients.producer("direct");
    }

    @Override
    public <S extends Shard> ShardRunner run(
            ShardGroup<S, Connection> group, DataSource shardDatabase) {
        GroupRunner<S> runner = new GroupRunner<>(group, settings, clients, shardDatabase);
        watched.add(runner::problems);
        closers.addFirst(runner::close);
        return runner;
    }

    @Override
    public void relay(String source, DataSource shardDatabase) {
        RelayTurns turns = new RelayTurns(source, settings, clients, shardDatabase);
        Worker worker = new Worker(source, turns).start();
        watched.add(turns::problems);
        closers.addFirst(worker::close);
        wakers.put(
                source,
                () -> {
                    turns.wake();
                    worker.wake();
                });
    }

    @Override
    public void emit(Connection transaction, String source, List<Outgoing> records)
            throws SQLException {
        HttpOutbox.emit(transaction, source, records);
    }

    @Override
    public void committed(String source) {
        Runnable waker = wakers.get(source);
        if (waker != null) {
            waker.run();
        }
    }

    @Override
    public CompletionStage<Void> send(Outgoing record) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        KafkaLogWriter.send(
                producer,
                record,
                new RecordHeaders(),
                failure -> {
                    if (failure == null) {
                        sent.complete(null);
                    } else {
                        sent.completeExceptionally(failure);
                    }
                });
        return sent;
    }

    @Override
    public void followNewest(
            String topic, int partitions, long giveMillis, BiConsumer<String, byte[]> newest) {
        NewestReader reader =
                new NewestReader(
                        topic, partitions, giveMillis, clients.consumer("newest-" + topic), newest);
        Worker worker = new Worker("newest-" + topic, reader).start();
        watched.add(reader::problems);
        closers.addFirst(worker::close);
        await(reader.caughtUp(), "the newest records of " + topic);
    }

    @Override
    public Gateway gateway(DataSource database) {
        GatewayLease lease;
        try {
            lease =
                    GatewayLease.take(
                            database,
                            settings.instance() + "/" + UUID.randomUUID(),
                            System::currentTimeMillis);
        } catch (SQLException failed) {
            throw new IllegalStateException("no gateway number could be leased", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
        Worker worker = new Worker("gateway-lease", lease).start();
        watched.add(lease::problems);
        closers.addFirst(worker::close);
        return lease;
    }

    @Override
    public ReplyTail tailReplies(Gateway gateway, String topic, int partitions) {
        ReplyReader reader =
                new ReplyReader(
                        gateway,
                        topic,
                        partitions,
                        values -> clients.consumer("replies-" + topic, values));
        Worker worker = new Worker("replies-" + topic, reader).start();
        watched.add(reader::problems);
        closers.addFirst(worker::close);
        await(reader.reading(), "the end of " + topic);
        return reader;
    }

    private static void await(CompletableFuture<Void> begun, String what) {
        try {
            begun.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException | TimeoutException silent) {
            throw new IllegalStateException(what + " can't be read", silent);
        }
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        watched.forEach(part -> problems.addAll(part.get()));
        return problems;
    }

    @Override
    public void close() {
        for (Runnable closer = closers.pollFirst(); closer != null; closer = closers.pollFirst()) {
            closer.run();
        }
        producer.close(java.time.Duration.ofSeconds(2));
    }
}
