package io.perpetua.eventlog;

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
 * locked from the epoch's check to the commit; who needs it meanwhile waits in vain, or the server
 * ends the idle holder's transaction.
 */
final class SimDatabase {
    private static final long LEASE_MILLIS = 5_000;

    private final SimWorld world;
    private final Map<String, Holder> shards = new TreeMap<>();
    private final Map<String, Long> instances = new TreeMap<>();
    private final Map<String, Map<String, Long>> offsets = new HashMap<>();
    private final Map<String, Map<String, Map<String, Long>>> marks = new HashMap<>();
    private final Map<String, Map<String, Map<Integer, Long>>> channels = new HashMap<>();
    private final Map<String, TreeMap<Long, byte[]>> outbox = new HashMap<>();
    private final Map<String, Map<String, List<Long>>> rows = new HashMap<>();
    private final Map<String, Long> hashes = new HashMap<>();
    private final OutboxCodec codec = new OutboxCodec();
    private long httpBatch;

    SimDatabase(SimWorld world) {
        this.world = world;
    }

    record Row(String shard, String table, long token) {}

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
            long number =
                    channels.computeIfAbsent("http", any -> new HashMap<>())
                            .computeIfAbsent(SimWorld.MIDDLE, any -> new HashMap<>())
                            .merge(partition, 2L, (next, any) -> next + 1);
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
        return offsets.getOrDefault(shard, Map.of()).getOrDefault(topic, 0L);
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
            Map<String, Map<String, Long>> markCopy = new HashMap<>();
            marks.getOrDefault(shard, Map.of())
                    .forEach((topic, of) -> markCopy.put(topic, Map.copyOf(of)));
            Map<String, Map<Integer, Long>> channelCopy = new HashMap<>();
            channels.getOrDefault(shard, Map.of())
                    .forEach((topic, of) -> channelCopy.put(topic, Map.copyOf(of)));
            return new Recovered(
                    Map.copyOf(offsets.getOrDefault(shard, Map.of())),
                    markCopy,
                    channelCopy,
                    outbox(transaction, shard));
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
        public Tx begin(List<Fence> fences) throws SQLException, FencedException {
            world.point(node);
            mayFail();
            Tx transaction = newTx();
            for (Fence fence : fences) {
                Holder lease = shards.get(fence.shard());
                lock(lease, transaction);
                if (lease.epoch != fence.epoch()) {
                    throw new FencedException(fence.shard());
                }
                lease.locked = transaction;
                lease.untilMillis = world.nowMillis + LEASE_MILLIS;
            }
            world.point(node);
            return transaction;
        }

        @Override
        public void commit(Tx transaction, Progress progress) throws SQLException {
            world.point(node);
            mayFail();
            transaction.check();
            write(transaction, progress);
            world.point(node);
            transaction.check();
            transaction.apply();
            if (world.chance(0.01)) {
                throw new SQLException("connection lost, outcome unknown", "08006");
            }
            world.point(node);
        }

        private void write(Tx transaction, Progress progress) {
            List<Runnable> writes = transaction.writes;
            for (Offset offset : progress.offsets()) {
                writes.add(
                        () ->
                                offsets.computeIfAbsent(offset.shard(), any -> new HashMap<>())
                                        .put(offset.topic(), offset.next()));
            }
            for (Mark mark : progress.marks()) {
                writes.add(
                        () ->
                                marks.computeIfAbsent(mark.shard(), any -> new HashMap<>())
                                        .computeIfAbsent(mark.topic(), any -> new HashMap<>())
                                        .put(mark.source(), mark.number()));
            }
            for (ChannelNumber channel : progress.channels()) {
                writes.add(
                        () ->
                                channels.computeIfAbsent(channel.source(), any -> new HashMap<>())
                                        .computeIfAbsent(channel.topic(), any -> new HashMap<>())
                                        .put(channel.partition(), channel.next()));
            }
            for (OutboxRow row : progress.confirmed()) {
                String source = row.source();
                long batch = row.batch();
                writes.add(() -> SimDatabase.this.outbox(source).remove(batch));
            }
            for (OutboxRow row : progress.sent()) {
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
