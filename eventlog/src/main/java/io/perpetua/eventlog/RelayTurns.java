package io.perpetua.eventlog;

import java.sql.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A relay on a thread of its own; it starts when the log answers. */
final class RelayTurns implements Worker.Turns {
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(Relay.LOOK_MILLIS);

    private final String source;
    private final EventlogSettings settings;
    private final KafkaClients clients;
    private final DataSource database;
    private volatile @Nullable Relay<Connection> relay;
    private volatile String trouble = "";

    RelayTurns(
            String source, EventlogSettings settings, KafkaClients clients, DataSource database) {
        this.source = source;
        this.settings = settings;
        this.clients = clients;
        this.database = database;
    }

    void wake() {
        Relay<Connection> running = relay;
        if (running != null) {
            running.wake();
        }
    }

    List<String> problems() {
        Relay<Connection> running = relay;
        return !trouble.isEmpty()
                ? List.of("relay " + source + ": " + trouble)
                : running == null ? List.of() : running.problems();
    }

    @Override
    public long turn() throws Exception {
        Relay<Connection> running = relay;
        if (running == null) {
            running = open();
            relay = running;
            trouble = "";
        }
        if (running.turn() || running.isWoken()) {
            return 0;
        }
        return running.isBusy() ? BUSY_NANOS : IDLE_NANOS;
    }

    private Relay<Connection> open() throws Exception {
        try (JdbcLeaseStore leases = new JdbcLeaseStore(database)) {
            leases.register("relay", List.of(source));
        }
        return new Relay<>(
                source,
                settings.instance(),
                clients.clusterId(),
                new JdbcShardStore(database),
                new KafkaLogWriter(() -> clients.producer(source)),
                System::currentTimeMillis,
                new LoopMetrics(settings.metrics(), source, 0));
    }

    @Override
    public void failed(Throwable thrown) {
        trouble = thrown.toString();
    }

    @Override
    public void end() {
        Relay<Connection> running = relay;
        if (running != null) {
            running.close();
        }
    }
}
