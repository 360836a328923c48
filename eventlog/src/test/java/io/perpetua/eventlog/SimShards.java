package io.perpetua.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The two stages of the simulation: the first passes tokens on, the second collects them and tells
 * the first.
 */
final class SimShards {
    static final String FIRST = "first";
    static final String SECOND = "second";

    private SimShards() {}

    /** Takes each command once and passes it on; also passes on what time brings about. */
    static final class First implements Shard {
        final SimWorld world;
        final int index;
        final Set<Long> seen = new HashSet<>();
        final Set<Long> refused = new HashSet<>();

        /** What was passed on, by partition, in order. */
        final Map<Integer, List<Long>> passed = new HashMap<>();

        final List<SimDatabase.Row> fresh = new ArrayList<>();
        private long unstorable;

        First(SimWorld world, int index) {
            this.world = world;
            this.index = index;
        }

        @Override
        public void handle(Incoming record, long nowMillis, Emitter out) {
            long token = SimWorld.token(record.value());
            if (record.topic().equals(SimWorld.ECHOES)) {
                echo(token);
                return;
            }
            if (!seen.add(token)) {
                return;
            }
            add("seen", token);
            SimWorld.Kind kind = SimWorld.kind(token);
            int attempt = world.attempts.merge(token, 1, Integer::sum);
            if (kind == SimWorld.Kind.POISON || (kind == SimWorld.Kind.FLAKY && attempt < 3)) {
                throw new IllegalStateException("poison " + token);
            }
            if (kind == SimWorld.Kind.UNSTORABLE) {
                unstorable = token;
            }
            pass(token, out);
        }

        /** An owner that was replaced while it slept does not know what its successor passed on. */
        private void echo(long token) {
            if (!seen.contains(token)) {
                throw new IllegalStateException("what was never passed on was caught: " + token);
            }
        }

        private void pass(long token, Emitter out) {
            int partition = (int) Math.floorMod(token / SimWorld.SHARDS, (long) SimWorld.SHARDS);
            passed.computeIfAbsent(partition, any -> new ArrayList<>()).add(token);
            add("passed-" + partition, token);
            out.emit(new Outgoing(SimWorld.MIDDLE, partition, null, SimWorld.bytes(token), null));
            if (token % 5 == 0) {
                int other = 1 - partition;
                passed.computeIfAbsent(other, any -> new ArrayList<>()).add(token);
                add("passed-" + other, token);
                out.emit(new Outgoing(SimWorld.MIDDLE, other, null, SimWorld.bytes(token), null));
            }
        }

        @Override
        public void refuse(Incoming command, long nowMillis, Emitter out) {
            long token = SimWorld.token(command.value());
            seen.add(token);
            refused.add(token);
            add("seen", token);
            add("refused", token);
        }

        @Override
        public void tick(long nowMillis, Emitter out) {
            long token = SimWorld.TICKS + nowMillis * 4 + index * 2L;
            if (!world.calm && nowMillis / 100 % 7 == 0 && seen.add(token)) {
                add("seen", token);
                pass(token, out);
            }
        }

        private void add(String table, long token) {
            fresh.add(new SimDatabase.Row(FIRST + "-" + index, table, token));
        }

        @Override
        public long stateHash() {
            return Objects.hash(seen, refused, passed);
        }
    }

    /** Collects what it is passed, by source, in order. */
    static final class Second implements Shard {
        final int index;
        final List<Long> caught = new ArrayList<>();
        final List<SimDatabase.Row> fresh = new ArrayList<>();

        Second(int index) {
            this.index = index;
        }

        @Override
        public void handle(Incoming record, long nowMillis, Emitter out) {
            long token = SimWorld.token(record.value());
            caught.add(token);
            fresh.add(new SimDatabase.Row(SECOND + "-" + index, "caught", token));
            out.emit(new Outgoing(SimWorld.ENDS, index, null, record.value(), null));
            if (token > 0) {
                int shard = SimWorld.shardOf(token);
                out.emit(new Outgoing(SimWorld.ECHOES, shard, null, record.value(), null));
            }
        }

        @Override
        public void refuse(Incoming command, long nowMillis, Emitter out) {
            throw new IllegalStateException("events are not refused");
        }

        @Override
        public long stateHash() {
            return caught.hashCode();
        }
    }

    record FirstGroup(SimWorld world) implements ShardGroup<First, SimDatabase.Tx> {
        @Override
        public String name() {
            return FIRST;
        }

        @Override
        public int shards() {
            return SimWorld.SHARDS;
        }

        @Override
        public List<InputTopic> inputs() {
            return List.of(
                    new InputTopic(SimWorld.ECHOES, InputTopic.Kind.EVENTS, false),
                    new InputTopic(SimWorld.COMMANDS, InputTopic.Kind.COMMANDS));
        }

        @Override
        public First create(int index) {
            return new First(world, index);
        }

        @Override
        public void load(List<First> shards, SimDatabase.Tx transaction) throws SQLException {
            for (First shard : shards) {
                String name = FIRST + "-" + shard.index;
                shard.seen.addAll(transaction.read(name, "seen"));
                shard.refused.addAll(transaction.read(name, "refused"));
                for (int i = 0; i < SimWorld.SHARDS; i++) {
                    List<Long> passed = transaction.read(name, "passed-" + i);
                    if (!passed.isEmpty()) {
                        shard.passed.put(i, new ArrayList<>(passed));
                    }
                }
                assertLoaded(transaction, name, shard);
            }
        }

        @Override
        public void flush(List<First> changed, SimDatabase.Tx transaction, Writes writes)
                throws SQLException {
            for (First shard : changed) {
                if (shard.unstorable != 0) {
                    throw new SQLException("value too long: " + shard.unstorable, "22001");
                }
                transaction.insert(shard.fresh);
                shard.fresh.clear();
                transaction.hash(FIRST + "-" + shard.index, shard.stateHash());
            }
        }
    }

    record SecondGroup(SimWorld world) implements ShardGroup<Second, SimDatabase.Tx> {
        @Override
        public String name() {
            return SECOND;
        }

        @Override
        public int shards() {
            return SimWorld.SHARDS;
        }

        @Override
        public List<InputTopic> inputs() {
            return List.of(new InputTopic(SimWorld.MIDDLE, InputTopic.Kind.EVENTS, false));
        }

        @Override
        public Second create(int index) {
            return new Second(index);
        }

        @Override
        public void load(List<Second> shards, SimDatabase.Tx transaction) throws SQLException {
            for (Second shard : shards) {
                String name = SECOND + "-" + shard.index;
                shard.caught.addAll(transaction.read(name, "caught"));
                assertLoaded(transaction, name, shard);
            }
        }

        @Override
        public void flush(List<Second> changed, SimDatabase.Tx transaction, Writes writes)
                throws SQLException {
            for (Second shard : changed) {
                transaction.insert(shard.fresh);
                shard.fresh.clear();
                transaction.hash(SECOND + "-" + shard.index, shard.stateHash());
            }
        }
    }

    /** What is loaded equals what was in memory at the last commit. */
    private static void assertLoaded(SimDatabase.Tx transaction, String name, Shard shard) {
        Long hash = transaction.lastHash(name);
        if (hash != null) {
            assertThat(shard.stateHash()).as("the state loaded by %s", name).isEqualTo(hash);
        }
    }

    static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
