package io.perpetua.eventlog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A whole deployment in one thread: several instances with their workers, keepers and relays, over
 * a fake log and a fake database. Whatever a seed decides happens: crashes and pauses at every call
 * of a port, lost acknowledgements, late deliveries, failed and unknown commits, expired leases.
 *
 * <p>A pause within a call is the rest of the world running inside it. So an owner can be held
 * anywhere, for as long as it takes to lose its lease, and go on where it was.
 */
final class SimWorld {
    static final int SHARDS = 2;
    static final int INSTANCES = 3;
    static final String COMMANDS = "commands";
    static final String MIDDLE = "middle";
    static final String ENDS = "ends";
    static final String ECHOES = "echoes";
    static final String DEAD = "dead";
    private static final int DEEPEST_PAUSE = 2;
    private static final int MOST_ROUNDS = 2_000;
    private static final int SLEEP_ROUNDS = 200;
    private static final int NOBODY = -1;

    private static final MeterRegistry METRICS = new SimpleMeterRegistry();

    final SplittableRandom random;
    final SimDatabase database = new SimDatabase(this);
    final SimLog log = new SimLog(this);
    final Map<Integer, SimNode> nodes = new TreeMap<>();
    final List<Long> httpTokens = new ArrayList<>();
    final Map<Long, Integer> attempts = new HashMap<>();
    long nowMillis = 1_000_000;
    boolean calm;
    private long nextToken = 1;
    private int pauses;

    SimWorld(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A process that was killed; nothing of ours may catch it. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("crash", null, false, false);
        }
    }

    boolean chance(double probability) {
        return !calm && random.nextDouble() < probability;
    }

    /** Called before and after each call of a port: the caller may crash or be paused here. */
    void point(SimNode node) {
        if (calm) {
            return;
        }
        if (chance(0.002)) {
            throw new Crash();
        }
        if (pauses < DEEPEST_PAUSE && chance(0.004)) {
            pauses++;
            node.busy++;
            int steps = random.nextInt(random.nextInt(4) == 0 ? 300 : 60);
            if (random.nextInt(3) == 0) {
                nowMillis += random.nextInt(8_000);
            }
            for (int i = 0; i < steps; i++) {
                step();
            }
            node.busy--;
            pauses--;
            if (node.dead) {
                throw new Crash();
            }
        }
    }

    /** One thing happens somewhere. */
    void step() {
        nowMillis += random.nextInt(20);
        switch (random.nextInt(12)) {
            case 0 -> sendCommand();
            case 1 -> httpTransaction();
            case 2, 3 -> log.deliverSome();
            case 4 -> keep(anyNode());
            case 5 -> relay(anyNode());
            case 6 -> disturb();
            default -> turn(anyNode());
        }
    }

    private void disturb() {
        if (chance(0.05)) {
            nowMillis += random.nextInt(7_000);
        }
        if (chance(0.05)) {
            SimNode node = anyNode();
            if (node.busy == 0) {
                node.kill();
            }
        }
    }

    /** A living instance; a dead one is started again, under its old name. */
    private SimNode anyNode() {
        int number = random.nextInt(INSTANCES);
        SimNode node = nodes.get(number);
        if (node == null || (node.dead && node.busy == 0)) {
            node = new SimNode(this, "node-" + number);
            nodes.put(number, node);
        }
        return node;
    }

    private void turn(SimNode node) {
        node.act(
                () -> {
                    if (random.nextBoolean()) {
                        node.turn(node.first);
                    } else {
                        node.turn(node.second);
                    }
                });
    }

    private void keep(SimNode node) {
        node.act(
                () -> {
                    node.firstKeeper.turn();
                    node.secondKeeper.turn();
                });
    }

    private void relay(SimNode node) {
        node.act(node.relay::turn);
    }

    /** A client sends a command, sometimes twice; some are poison. */
    private void sendCommand() {
        if (calm) {
            return;
        }
        long token = nextToken++;
        int partition = (int) (token % SHARDS);
        log.append(COMMANDS, partition, null, 0, bytes(token));
        if (random.nextInt(8) == 0) {
            log.append(COMMANDS, partition, null, 0, bytes(token));
        }
    }

    long tokensSent() {
        return nextToken - 1;
    }

    /** A transaction that began with HTTP publishes one or two events, or rolls back. */
    private void httpTransaction() {
        if (calm) {
            return;
        }
        long token = -(httpTokens.size() + 1L);
        if (database.emitOverHttp(token, random.nextInt(5) != 0)) {
            httpTokens.add(token);
        }
    }

    /** Tokens that time brings about count from here. */
    static final long TICKS = 1_000_000_000L;

    /** How a token behaves; what it is stays so for ever. */
    enum Kind {
        GOOD,
        POISON,
        FLAKY,
        UNSTORABLE
    }

    static Kind kind(long token) {
        if (token <= 0) {
            return Kind.GOOD;
        }
        return switch ((int) (token % 41)) {
            case 7 -> Kind.POISON;
            case 13 -> Kind.FLAKY;
            case 23 -> Kind.UNSTORABLE;
            default -> Kind.GOOD;
        };
    }

    /** The shard of the first stage that a token, which did not come by HTTP, went through. */
    static int shardOf(long token) {
        return (int) (token >= TICKS ? token / 2 % SHARDS : token % SHARDS);
    }

    static byte[] bytes(long token) {
        return Long.toString(token).getBytes(StandardCharsets.UTF_8);
    }

    static long token(byte[] value) {
        return Long.parseLong(new String(value, StandardCharsets.UTF_8));
    }

    /** Ends all faults and runs until everything is done. */
    void settle() {
        calm = true;
        for (int i = 0; i < INSTANCES; i++) {
            SimNode node = nodes.get(i);
            if (node != null && node.dead) {
                nodes.remove(i);
            }
        }
        for (int round = 0; round < MOST_ROUNDS && !isQuiet(); round++) {
            goOn(round, NOBODY);
        }
    }

    /** A calm while in which one instance sleeps, long enough for the others to take over. */
    void sleep(int instance) {
        for (int round = 0; round < SLEEP_ROUNDS; round++) {
            goOn(round, instance);
        }
    }

    /** One round of all instances but one. */
    private void goOn(int round, int asleep) {
        nowMillis += 60;
        for (int i = 0; i < INSTANCES; i++) {
            SimNode node = nodes.computeIfAbsent(i, n -> new SimNode(this, "node-" + n));
            if (i == asleep) {
                continue;
            }
            if (round % 16 == 0) {
                keep(node);
            }
            relay(node);
            node.act(() -> node.turn(node.first));
            node.act(() -> node.turn(node.second));
            log.deliverAll();
        }
    }

    /** Whether everything sent is processed, and everything published is confirmed. */
    private boolean isQuiet() {
        return ownsEachOnce()
                && isEven()
                && database.outboxRows() == 0
                && isRead(SimShards.FIRST, COMMANDS)
                && isRead(SimShards.FIRST, ECHOES)
                && isRead(SimShards.SECOND, MIDDLE);
    }

    /** Whether each shard runs in the instance that has its lease, and in no other. */
    boolean ownsEachOnce() {
        int all = 0;
        for (SimNode node : nodes.values()) {
            List<String> running = new ArrayList<>();
            node.first.owned().forEach(index -> running.add(SimShards.FIRST + "-" + index));
            node.second.owned().forEach(index -> running.add(SimShards.SECOND + "-" + index));
            if (!running.stream().allMatch(shard -> database.isOwner(shard, node.name))) {
                return false;
            }
            all += running.size();
        }
        return all == 2 * SHARDS;
    }

    /** Two shards a group over three instances: nobody has two. */
    boolean isEven() {
        return nodes.values().stream()
                .allMatch(node -> node.first.owned().size() < 2 && node.second.owned().size() < 2);
    }

    private boolean isRead(String group, String topic) {
        for (int shard = 0; shard < SHARDS; shard++) {
            if (database.offset(group + "-" + shard, topic) < log.records(topic, shard).size()) {
                return false;
            }
        }
        return true;
    }

    /** One instance: a worker and a keeper for each group, and a relay. */
    static final class SimNode {
        final SimWorld world;
        final String name;
        final ShardLoop<SimShards.First, SimDatabase.Tx> first;
        final ShardLoop<SimShards.Second, SimDatabase.Tx> second;
        final LeaseKeeper firstKeeper;
        final LeaseKeeper secondKeeper;
        final Relay<SimDatabase.Tx> relay;
        int busy;
        boolean dead;

        SimNode(SimWorld world, String name) {
            this.world = world;
            this.name = name;
            first = loop(new SimShards.FirstGroup(world));
            second = loop(new SimShards.SecondGroup(world));
            firstKeeper = keeper(new SimShards.FirstGroup(world), first);
            secondKeeper = keeper(new SimShards.SecondGroup(world), second);
            world.database.register("relay", List.of("http"));
            relay =
                    new Relay<>(
                            "http",
                            name,
                            SimLog.CLUSTER,
                            world.database.store(this),
                            world.log.writer(this),
                            () -> world.nowMillis,
                            new LoopMetrics(METRICS, "http", 0));
        }

        private <S extends Shard> ShardLoop<S, SimDatabase.Tx> loop(
                ShardGroup<S, SimDatabase.Tx> group) {
            return new ShardLoop<>(
                    group,
                    name,
                    DEAD,
                    world.database.store(this),
                    world.log.reader(this),
                    world.log.writer(this),
                    () -> world.nowMillis,
                    new LoopMetrics(METRICS, group.name(), 0));
        }

        private LeaseKeeper keeper(ShardGroup<?, ?> group, ShardLoop<?, ?> loop) {
            return new LeaseKeeper(
                    group, name, List.of(loop), world.database.leases(this), () -> world.nowMillis);
        }

        private interface Act {
            void run() throws SQLException;
        }

        /** Lets the instance act, unless it is dead or held in the middle of something. */
        private void act(Act act) {
            if (dead || busy > 0) {
                return;
            }
            busy++;
            try {
                act.run();
            } catch (Crash crash) {
                kill();
            } catch (SQLException databaseIsAway) {
                // The keeper tries again at its next turn.
            } finally {
                busy--;
            }
        }

        /** A worker's turn, with what its thread does about exceptions. */
        private void turn(ShardLoop<?, ?> loop) {
            try {
                loop.turn();
            } catch (RuntimeException thrown) {
                loop.reset();
            }
            if (!loop.stopped().isEmpty()) {
                throw new AssertionError("nothing stops here for good: " + loop.stopped());
            }
        }

        void kill() {
            dead = true;
            world.database.abandon(this);
            world.log.abandon(this);
        }
    }
}
