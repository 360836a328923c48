package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one group on this instance: workers, and the keeper of their leases. */
final class GroupRunner<S extends Shard> implements ShardRunner {
    private static final Logger LOG = LoggerFactory.getLogger(GroupRunner.class);
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final List<ShardLoop<S, Connection>> loops = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Worker keeper;
    private volatile String keeperTrouble = "";
    private volatile boolean asked;
    private volatile boolean begun;
    private boolean closed;

    GroupRunner(
            ShardGroup<S, Connection> group,
            EventlogSettings settings,
            KafkaClients clients,
            DataSource database) {
        this.name = group.name();
        for (int i = 0; i < settings.workers(); i++) {
            String purpose = group.name() + "-" + i;
            ShardLoop<S, Connection> loop =
                    new ShardLoop<>(
                            group,
                            settings.instance(),
                            settings.deadLetterTopic(),
                            new JdbcShardStore(database),
                            new KafkaLogReader(clients.consumer(purpose), clients),
                            new KafkaLogWriter(() -> clients.producer(purpose)),
                            System::currentTimeMillis,
                            new LoopMetrics(settings.metrics(), group.name(), i));
            loops.add(loop);
            Worker worker = new Worker(purpose, new LoopTurns<>(loop)).start();
            workers.add(worker);
            group.bell(
                    () -> {
                        if (loop.ring()) {
                            worker.wake();
                        }
                    });
        }
        LeaseKeeper leases =
                new LeaseKeeper(
                        group,
                        settings.instance(),
                        loops,
                        new JdbcLeaseStore(database),
                        System::currentTimeMillis);
        this.keeper = new Worker(group.name() + "-leases", new KeeperTurns(leases)).start();
    }

    private record LoopTurns<S extends Shard>(ShardLoop<S, Connection> loop)
            implements Worker.Turns {
        @Override
        public long turn() {
            if (loop.turn()) {
                return 0;
            }
            if (loop.owned().isEmpty()) {
                return IDLE_NANOS;
            }
            return loop.isFull() ? REST_NANOS : TimeUnit.MILLISECONDS.toNanos(loop.restMillis());
        }

        @Override
        public void failed(Throwable thrown) {
            loop.reset();
        }

        @Override
        public void end() {
            loop.close();
        }
    }

    private final class KeeperTurns implements Worker.Turns {
        private final LeaseKeeper leases;

        KeeperTurns(LeaseKeeper leases) {
            this.leases = leases;
        }

        @Override
        public long turn() {
            try {
                leases.turn();
                asked = true;
                keeperTrouble = "";
            } catch (SQLException unreachable) {
                LOG.warn("leases of {} could not be renewed", name, unreachable);
                keeperTrouble = "leases could not be renewed: " + unreachable.getMessage();
            }
            return BEAT_NANOS;
        }

        @Override
        public void failed(Throwable thrown) {
            keeperTrouble = "leases could not be renewed: " + thrown;
        }

        @Override
        public void end() {
            try {
                leases.leave();
            } catch (SQLException unreachable) {
                LOG.warn("{} could not say goodbye; others will notice", name, unreachable);
            }
        }
    }

    @Override
    public Set<Integer> owned() {
        Set<Integer> owned = new TreeSet<>();
        loops.forEach(loop -> owned.addAll(loop.owned()));
        return owned;
    }

    @Override
    public Set<Integer> stopped() {
        Set<Integer> stopped = new TreeSet<>();
        loops.forEach(loop -> stopped.addAll(loop.stopped().keySet()));
        return stopped;
    }

    /** Until its first shards have been loaded, a process is not ready. */
    private boolean hasBegun() {
        begun |= asked && loops.stream().allMatch(ShardLoop::hasSettled);
        return begun;
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!hasBegun()) {
            problems.add(name + ": shards are being loaded");
        }
        if (!keeperTrouble.isEmpty()) {
            problems.add(name + ": " + keeperTrouble);
        }
        loops.forEach(loop -> problems.addAll(loop.problems(System.currentTimeMillis())));
        return problems;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        workers.forEach(Worker::close);
        keeper.close();
    }
}
