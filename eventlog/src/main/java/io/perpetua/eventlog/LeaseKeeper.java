package io.perpetua.eventlog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Shares the shards of one group evenly among the living instances: renews the leases of workers
 * that turn, asks for free shards up to this instance's part, gives back what is beyond it. One
 * thread calls {@link #turn}, about once a second.
 */
final class LeaseKeeper {
    /** A worker that has not turned for this long no longer has its leases renewed. */
    private static final long PATIENCE_MILLIS = 4_000;

    private final ShardGroup<?, ?> group;
    private final String instance;
    private final List<? extends ShardLoop<?, ?>> loops;
    private final LeaseStore store;
    private final LongSupplier clock;
    private boolean registered;

    LeaseKeeper(
            ShardGroup<?, ?> group,
            String instance,
            List<? extends ShardLoop<?, ?>> loops,
            LeaseStore store,
            LongSupplier clock) {
        this.group = group;
        this.instance = instance;
        this.loops = loops;
        this.store = store;
        this.clock = clock;
    }

    /** One round. */
    void turn() throws SQLException {
        if (!registered) {
            store.register(group.name(), names());
            registered = true;
        }
        long now = clock.getAsLong();
        List<ShardStore.Fence> renewable = new ArrayList<>();
        Set<Integer> held = new TreeSet<>();
        for (ShardLoop<?, ?> loop : loops) {
            renewable.addAll(loop.renewable(now, PATIENCE_MILLIS));
            held.addAll(loop.held());
        }
        LeaseStore.View view = store.beat(group.name(), instance, renewable);
        loops.forEach(loop -> loop.letGo(lost(renewable, view.leases())));
        int part = part(view.instances());
        giveBack(held, held.size() - part);
        ask(held, part - held.size(), view.leases());
    }

    /** Those that were taken since: a shard for which nothing comes would never find out. */
    private static List<ShardStore.Fence> lost(
            List<ShardStore.Fence> fences, List<LeaseStore.Lease> leases) {
        Map<String, Long> epochs = new HashMap<>();
        leases.forEach(lease -> epochs.put(lease.shard(), lease.epoch()));
        return fences.stream()
                .filter(fence -> epochs.getOrDefault(fence.shard(), 0L) > fence.epoch())
                .toList();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < group.shards(); i++) {
            names.add(group.name() + "-" + i);
        }
        return names;
    }

    private int part(List<String> instances) {
        int rank = Math.max(0, Collections.binarySearch(instances, instance));
        int count = Math.max(1, instances.size());
        return group.shards() / count + (rank < group.shards() % count ? 1 : 0);
    }

    private void giveBack(Set<Integer> held, int surplus) {
        List<Integer> descending = new ArrayList<>(held).reversed();
        for (int i = 0; i < surplus; i++) {
            loopOf(descending.get(i)).release(descending.get(i));
        }
    }

    private void ask(Set<Integer> held, int wanted, List<LeaseStore.Lease> leases) {
        List<Integer> ours = new ArrayList<>();
        List<Integer> free = new ArrayList<>();
        for (LeaseStore.Lease lease : leases) {
            int index = index(lease.shard());
            if (held.contains(index)) {
                continue;
            }
            if (instance.equals(lease.owner())) {
                ours.add(index);
            } else if (!lease.held()) {
                free.add(index);
            }
        }
        Collections.sort(free);
        ours.addAll(free);
        Map<ShardLoop<?, ?>, List<Integer>> asked = new HashMap<>();
        for (int index : ours.subList(0, Math.clamp(wanted, 0, ours.size()))) {
            asked.computeIfAbsent(loopOf(index), loop -> new ArrayList<>()).add(index);
        }
        asked.forEach(ShardLoop::take);
    }

    private int index(String shard) {
        return Integer.parseInt(shard.substring(shard.lastIndexOf('-') + 1));
    }

    private ShardLoop<?, ?> loopOf(int index) {
        return loops.get(index % loops.size());
    }

    /** Says goodbye, once the loops have handed back their shards. */
    void leave() throws SQLException {
        store.leave(group.name(), instance);
        store.close();
    }
}
