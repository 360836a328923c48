package io.perpetua.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over maps: what a transaction writes is seen when it has committed. A shard's row is
 * locked from the epoch's check, the commit's first act, to its end; who needs it meanwhile waits
 * in vain, or the server ends the idle holder's transaction.
 */
final class SimDatabase {
    private static final long LEASE_MILLIS = 5_000;

    private final SimWorld world;
    private final Map<String, Holder> shards = new TreeMap<>();
    private final Map<String, Long> instances = new TreeMap<>();
    private final Map<String, Progress> progress = new HashMap<>();
    private final Map<Integer, Long> httpNumbers = new HashMap<>();
    private final Map<String, TreeMap<Long, byte[]>> outbox = new HashMap<>();
    private final Map<String, Map<String, List<Long>>> rows = new HashMap<>();
    private final Map<String, Long> hashes = new HashMap<>();
    private final OutboxCodec codec = new OutboxCodec();
    private long httpBatch;

    SimDatabase(SimWorld world) {
        this.world = world;
    }

    record Row(String shard, String table, long token) {}

    /** What {@link Slot#progress} wrote, read as the database's views read it. */
    private record Progress(
            Map<String, Long> offsets,
            Map<String, Map<String, Long>> marks,
            Map<String, Map<Integer, Long>> channels) {
        static final Progress NONE = new Progress(Map.of(), Map.of(), Map.of());
        private static final ObjectMapper JSON = new ObjectMapper();

        private record Written(
                Map<String, Long> offsets,
                Map<String, Map<String, Long>> marks,
                Map<String, List<Long>> channels) {}

        static Progress parse(String json) {
            Written written;
            try {
                written = JSON.readValue(json, Written.class);
            } catch (JsonProcessingException broken) {
                throw new AssertionError(json, broken);
            }
            Map<String, Map<Integer, Long>> channels = new HashMap<>();
            written.channels()
                    .forEach(
                            (topic, numbers) -> {
                                Map<Integer, Long> next = new HashMap<>();
                                for (int i = 0; i < numbers.size(); i++) {
                                    next.put(i, numbers.get(i));
                                }
                                channels.put(topic, next);
                            });
            return new Progress(written.offsets(), written.marks(), channels);
        }
    }

    private static final class Holder {
        final String kind;
        @Nullable String owner;
        long epoch;
        long untilMillis = Long.MIN_VALUE;
        @Nullable String cluster;
        @Nullable Tx locked;

        Holder(String kind) {
            this.kind = kind;
        }
    }

    /** An open transaction. */
    final class Tx {
        final SimWorld.SimNode node;
        final List<Runnable> writes = new ArrayList<>();
        boolean over;

        Tx(SimWorld.SimNode node) {
            this.node = node;
        }

        private void check() throws SQLException {
            if (over) {
                throw new SQLException("the transaction was ended", "25P03");
            }
        }

        List<Long> read(String shard, String table) throws SQLException {
            check();
            return rows.getOrDefault(shard, Map.of()).getOrDefault(table, List.of());
        }

        @Nullable Long lastHash(String shard) {
            return hashes.get(shard);
        }

        void insert(List<Row> fresh) throws SQLException {
            check();
            List<Row> copy = List.copyOf(fresh);
            writes.add(
                    () -> {
                        for (Row row : copy) {
                            rows.computeIfAbsent(row.shard(), any -> new HashMap<>())
                                    .computeIfAbsent(row.table(), any -> new ArrayList<>())
                                    .add(row.token());
                        }
                    });
        }

        void hash(String shard, long hash) {
            writes.add(() -> hashes.put(shard, hash));
        }

        private void end() {
            over = true;
            for (Holder lease : shards.values()) {
                if (lease.locked == this) {
                    lease.locked = null;
                }
            }
        }

        private void apply() {
            writes.forEach(Runnable::run);
            end();
        }
    }

    /** Waits for a row's lock as long as the server lets it. */
    private void lock(Holder lease, @Nullable Tx transaction) throws SQLException {
        if (lease.locked != null && lease.locked != transaction) {
            if (world.random.nextBoolean() || world.calm) {
                lease.locked.end();
            } else {
                throw new SQLException("canceling statement due to timeout", "57014");
            }
        }
    }

    private void mayFail() throws SQLException {
        if (world.chance(0.003)) {
            throw new SQLException("connection lost", "08006");
        }
    }

    void register(String kind, List<String> names) {
        names.forEach(name -> shards.computeIfAbsent(name, any -> new Holder(kind)));
    }

    /** Commits or rolls back a transaction that numbers two events of one token. */
    boolean emitOverHttp(long token, boolean commits) {
        long batch = ++httpBatch;
        if (!commits) {
            return false;
        }
        List<Numbered> events = new ArrayList<>();
        for (int partition = 0; partition < SimWorld.SHARDS; partition++) {
            long number = httpNumbers.merge(partition, 2L, (next, any) -> next + 1);
            events.add(
                    new Numbered(
                            new Outgoing(
                                    SimWorld.MIDDLE, partition, null, SimWorld.bytes(token), null),
                            number - 1));
        }
        outbox("http").put(batch, codec.encode(events));
        return true;
    }

    private NavigableMap<Long, byte[]> outbox(String source) {
        return outbox.computeIfAbsent(source, any -> new TreeMap<>());
    }

    long offset(String shard, String topic) {
        return progress.getOrDefault(shard, Progress.NONE).offsets().getOrDefault(topic, 0L);
    }

    /** Whether that instance has the shard's lease. */
    boolean isOwner(String shard, String instance) {
        return instance.equals(shards.get(shard).owner);
    }

    int outboxRows() {
        return outbox.values().stream().mapToInt(TreeMap::size).sum();
    }

    List<Long> rows(String shard, String table) {
        return rows.getOrDefault(shard, Map.of()).getOrDefault(table, List.of());
    }

    private final List<Tx> open = new ArrayList<>();

    /** The server notices that a client is gone. */
    void abandon(SimWorld.SimNode node) {
        open.removeIf(
                transaction -> {
                    if (transaction.node == node) {
                        transaction.end();
                    }
                    return transaction.over;
                });
    }

    ShardStore<Tx> store(SimWorld.SimNode node) {
        return new Store(node);
    }

    LeaseStore leases(SimWorld.SimNode node) {
        return new Leases(node);
    }

    private final class Store implements ShardStore<Tx> {
        private final SimWorld.SimNode node;
        private @Nullable Tx current;

        Store(SimWorld.SimNode node) {
            this.node = node;
        }

        @Override
        public @Nullable Taken takeOver(String shard, String instance, String cluster)
                throws SQLException {
            world.point(node);
            mayFail();
            Holder lease = shards.get(shard);
            if (!instance.equals(lease.owner) && lease.untilMillis >= world.nowMillis) {
                return null;
            }
            lock(lease, null);
            lease.epoch++;
            lease.owner = instance;
            lease.untilMillis = world.nowMillis + LEASE_MILLIS;
            lease.cluster = lease.cluster == null ? cluster : lease.cluster;
            Taken taken = new Taken(lease.epoch, lease.cluster);
            mayFail();
            world.point(node);
            return taken;
        }

        @Override
        public void release(Fence fence) throws SQLException {
            world.point(node);
            mayFail();
            Holder lease = shards.get(fence.shard());
            if (lease.epoch == fence.epoch()) {
                lock(lease, null);
                lease.owner = null;
                lease.untilMillis = Long.MIN_VALUE;
            }
            world.point(node);
        }

        @Override
        public Tx beginLoad() throws SQLException {
            mayFail();
            return newTx();
        }

        private Tx newTx() {
            Tx transaction = new Tx(node);
            current = transaction;
            open.add(transaction);
            return transaction;
        }

        @Override
        public Recovered recover(Tx transaction, String shard) throws SQLException {
            mayFail();
            Progress found = progress.getOrDefault(shard, Progress.NONE);
            return new Recovered(
                    found.offsets(), found.marks(), found.channels(), outbox(transaction, shard));
        }

        @Override
        public List<OutboxRow> outbox(Tx transaction, String source) {
            List<OutboxRow> all = new ArrayList<>();
            SimDatabase.this
                    .outbox(source)
                    .forEach(
                            (batch, events) ->
                                    all.add(
                                            new OutboxRow(
                                                    source, batch, OutboxCodec.decode(events))));
            return all;
        }

        @Override
        public void endLoad(Tx transaction) throws SQLException {
            mayFail();
            transaction.end();
            world.point(node);
        }

        @Override
        public boolean owns(Fence fence) throws SQLException {
            world.point(node);
            mayFail();
            return shards.get(fence.shard()).epoch == fence.epoch();
        }

        @Override
        public Tx begin() throws SQLException {
            world.point(node);
            mayFail();
            return newTx();
        }

        @Override
        public void commit(Tx transaction, Writes writes, Batch batch)
                throws SQLException, FencedException {
            world.point(node);
            mayFail();
            transaction.check();
            hold(transaction, batch.shards());
            write(transaction, batch);
            world.point(node);
            mayFail();
            transaction.check();
            transaction.apply();
            if (world.chance(0.01)) {
                throw new SQLException("connection lost, outcome unknown", "08006");
            }
            world.point(node);
        }

        private void hold(Tx transaction, List<Moved> shardsMoved)
                throws SQLException, FencedException {
            for (Moved moved : shardsMoved) {
                Holder lease = shards.get(moved.fence().shard());
                lock(lease, transaction);
                if (lease.epoch != moved.fence().epoch()) {
                    throw new FencedException(moved.fence().shard());
                }
                lease.locked = transaction;
                lease.untilMillis = world.nowMillis + LEASE_MILLIS;
            }
        }

        private void write(Tx transaction, Batch batch) {
            List<Runnable> writes = transaction.writes;
            for (Moved moved : batch.shards()) {
                String json = moved.progress();
                if (json != null) {
                    Progress parsed = Progress.parse(json);
                    writes.add(() -> progress.put(moved.fence().shard(), parsed));
                }
            }
            for (OutboxRow row : batch.confirmed()) {
                String source = row.source();
                long number = row.batch();
                writes.add(() -> SimDatabase.this.outbox(source).remove(number));
            }
            for (OutboxRow row : batch.sent()) {
                byte[] events = codec.encode(row.events());
                writes.add(
                        () -> {
                            byte[] before =
                                    SimDatabase.this.outbox(row.source()).put(row.batch(), events);
                            if (before != null) {
                                throw new AssertionError("outbox row " + row + " twice");
                            }
                        });
            }
        }

        @Override
        public void rollback() {
            if (current != null) {
                current.end();
                current = null;
            }
        }

        @Override
        public void close() {
            rollback();
        }
    }

    private final class Leases implements LeaseStore {
        private final SimWorld.SimNode node;

        Leases(SimWorld.SimNode node) {
            this.node = node;
        }

        @Override
        public void register(String kind, List<String> names) {
            SimDatabase.this.register(kind, names);
        }

        @Override
        public View beat(String kind, String instance, List<ShardStore.Fence> renewed)
                throws SQLException {
            world.point(node);
            mayFail();
            instances.put(kind + "/" + instance, world.nowMillis + LEASE_MILLIS);
            for (ShardStore.Fence fence : renewed) {
                Holder lease = shards.get(fence.shard());
                if (lease.epoch == fence.epoch() && lease.locked == null) {
                    lease.untilMillis = world.nowMillis + LEASE_MILLIS;
                }
            }
            List<String> living = new ArrayList<>();
            instances.forEach(
                    (name, until) -> {
                        if (name.startsWith(kind + "/") && until >= world.nowMillis) {
                            living.add(name.substring(kind.length() + 1));
                        }
                    });
            List<LeaseStore.Lease> all = new ArrayList<>();
            shards.forEach(
                    (name, lease) -> {
                        if (lease.kind.equals(kind)) {
                            all.add(
                                    new LeaseStore.Lease(
                                            name,
                                            lease.owner,
                                            lease.epoch,
                                            lease.untilMillis >= world.nowMillis));
                        }
                    });
            return new View(living, all);
        }

        @Override
        public void leave(String kind, String instance) {
            instances.remove(kind + "/" + instance);
        }

        @Override
        public void close() {}
    }
}
