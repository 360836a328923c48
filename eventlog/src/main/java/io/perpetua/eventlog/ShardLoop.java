package io.perpetua.eventlog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one worker over the shards it owns: read, decide, commit, publish. One thread calls
 * {@link #turn}; the keeper of leases asks for shards from another. Nothing here waits except for
 * its ports.
 *
 * @param <S> the state of one shard
 * @param <T> the open transaction
 */
final class ShardLoop<S extends Shard, T> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);
    static final long TICK_MILLIS = 100;
    static final long OFFSETS_ONLY_MILLIS = 1_000;
    private static final long MORE_MILLIS = 2;
    private static final long LONGEST_REST_MILLIS = 20;
    private static final int BACKLOG_RECORDS = 500;
    private static final long LONGEST_HOLD_MILLIS = 20;
    private static final long SHOW_MILLIS = 250;
    static final int ATTEMPTS = 3;
    private static final long LASTING_GAP_MILLIS = 10_000;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final ShardGroup<S, T> group;
    private final String instance;
    private final String deadLetterTopic;
    private final ShardStore<T> store;
    private final LogReader reader;
    private final Publisher publisher;
    private final LongSupplier clock;
    private final LoopMetrics metrics;

    private final TreeMap<Integer, Slot<S>> running = new TreeMap<>();
    private final TreeMap<Integer, Long> toTakeAtMillis = new TreeMap<>();
    private final TreeMap<Integer, Stopped> stopped = new TreeMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Caution caution = new Caution();
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<ShardStore.Fence> losses = new ConcurrentLinkedQueue<>();
    private long nextTickMillis;
    private long showAtMillis;
    private long housekeepingMillis;
    private long restUntilMillis;
    private long holdUntilMillis = Long.MAX_VALUE;
    private long pauseMillis;

    private volatile long aliveAtMillis;
    private volatile boolean loading;
    private volatile boolean rung;
    private volatile Set<Integer> owned = Set.of();
    private volatile Map<Integer, String> stopReasons = Map.of();
    private volatile Set<Integer> held = Set.of();
    private volatile List<ShardStore.Fence> fences = List.of();
    private volatile String trouble = "";

    private record Request(int index, boolean take) {}

    private record Stopped(ShardStore.@Nullable Fence fence, String reason) {}

    ShardLoop(
            ShardGroup<S, T> group,
            String instance,
            String deadLetterTopic,
            ShardStore<T> store,
            LogReader reader,
            LogWriter writer,
            LongSupplier clock,
            LoopMetrics metrics) {
        this.group = group;
        this.instance = instance;
        this.deadLetterTopic = deadLetterTopic;
        this.store = store;
        this.reader = reader;
        this.publisher = new Publisher(writer, metrics);
        this.clock = clock;
        this.metrics = metrics;
        this.aliveAtMillis = clock.getAsLong();
    }

    /** Has the shards ticked in the next turn; from any thread. False if that is to come anyway. */
    boolean ring() {
        boolean isFirst = !rung;
        rung = true;
        return isFirst;
    }

    /** Asks for shards, which are loaded together; from any thread. */
    void take(Collection<Integer> indexes) {
        requests.addAll(indexes.stream().map(index -> new Request(index, true)).toList());
    }

    /** Gives a shard back; from any thread. */
    void release(int index) {
        requests.add(new Request(index, false));
    }

    /** Drops shards whose leases others have; from any thread. A later lease of ours stays. */
    void letGo(Collection<ShardStore.Fence> lost) {
        losses.addAll(lost);
    }

    /** Indexes of the shards that run. */
    Set<Integer> owned() {
        return owned;
    }

    /** Why shards stopped, by index. */
    Map<Integer, String> stopped() {
        return stopReasons;
    }

    /** Indexes asked for, running or stopped. */
    Set<Integer> held() {
        Set<Integer> all = new HashSet<>(held);
        for (Request request : requests) {
            if (request.take()) {
                all.add(request.index());
            } else {
                all.remove(request.index());
            }
        }
        return all;
    }

    /** The leases to be renewed: none when the loop has not turned lately. */
    List<ShardStore.Fence> renewable(long nowMillis, long patienceMillis) {
        return loading || nowMillis - aliveAtMillis <= patienceMillis ? fences : List.of();
    }

    /** What is wrong, in words. */
    List<String> problems(long nowMillis) {
        List<String> problems = new ArrayList<>();
        stopReasons.forEach((index, reason) -> problems.add(name(index) + " stopped: " + reason));
        if (metrics.gapMillis.get() > LASTING_GAP_MILLIS) {
            problems.add(group.name() + ": events are missing from a channel");
        }
        if (!trouble.isEmpty()) {
            problems.add(group.name() + ": " + trouble);
        }
        if (!loading && nowMillis - aliveAtMillis > LASTING_GAP_MILLIS) {
            problems.add(group.name() + ": a worker hangs");
        }
        return problems;
    }

    private String name(int index) {
        return group.name() + "-" + index;
    }

    /** One round. False if there was nothing to do, or no way to do it. */
    boolean turn() {
        long now = clock.getAsLong();
        aliveAtMillis = now;
        dropLosses();
        obeyRequests();
        publisher.turn(now);
        takeOverDue(now);
        if (now >= showAtMillis) {
            showState(now);
        }
        if (running.isEmpty() || publisher.full() || restMillis() > 0) {
            return false;
        }
        boolean isBusy = now <= restUntilMillis + LONGEST_REST_MILLIS;
        long until = rung ? now : Math.min(nextTickMillis, holdUntilMillis);
        try {
            boolean came = gather(reader.poll(Math.clamp(until - now, 0, TICK_MILLIS)));
            if (came && isBusy) {
                // What was fetched ahead may be old: more has come while the last batch ran.
                gather(reader.poll(MORE_MILLIS));
            }
        } catch (LogReader.LostRecordsException lost) {
            for (TopicPartition partition : lost.partitions()) {
                stop(partition.partition(), String.valueOf(lost.getMessage()), lost);
            }
            return true;
        }
        now = clock.getAsLong();
        boolean wasRung = tick(now);
        if (holdsBack(now)) {
            return true;
        }
        holdUntilMillis = Long.MAX_VALUE;
        boolean committed = commitBatches(now);
        if (wasRung && committed) {
            rest(now, 0);
        }
        return committed;
    }

    /**
     * Whether all there is to be done is what nobody waits for, and it hasn't waited long. A batch
     * costs about as much as ten records, so such records had better share one with others.
     */
    private boolean holdsBack(long now) {
        int held = 0;
        for (Slot<S> slot : running.values()) {
            if (slot.changed || slot.hasAwaited() || caution.alone(slot.index)) {
                return false;
            }
            held += slot.acceptedCount();
        }
        if (held == 0 || held >= BACKLOG_RECORDS) {
            return false;
        }
        boolean isSetBack = holdUntilMillis - now > LONGEST_HOLD_MILLIS;
        if (isSetBack) {
            holdUntilMillis = now + LONGEST_HOLD_MILLIS;
        }
        return now < holdUntilMillis;
    }

    /** How long the next batch had better wait; not at all when the clock was set back. */
    long restMillis() {
        long rest = restUntilMillis - clock.getAsLong();
        return rest <= Math.max(LONGEST_REST_MILLIS, group.paceMillis()) ? Math.max(0, rest) : 0;
    }

    /**
     * A batch costs about as much as ten records, whatever is in it. So the loop rests after one
     * for half as long as it took: the busier the machine, the more records share the next. One
     * that finds the loop idle does not wait, and a backlog is worked off without rest.
     */
    private void rest(long begunMillis, int records) {
        long took = clock.getAsLong() - begunMillis;
        long own = records < BACKLOG_RECORDS ? Math.min(took / 2, LONGEST_REST_MILLIS) : 0;
        restUntilMillis = begunMillis + Math.max(took + own, group.paceMillis());
    }

    /** Whether too much is unconfirmed to decide more. */
    boolean isFull() {
        return publisher.full();
    }

    /** Whether each shard asked for runs or has stopped. */
    boolean hasSettled() {
        Set<Integer> settled = new HashSet<>(owned);
        settled.addAll(stopReasons.keySet());
        return settled.containsAll(held());
    }

    private void dropLosses() {
        for (ShardStore.Fence lost = losses.poll(); lost != null; lost = losses.poll()) {
            for (Slot<S> slot : List.copyOf(running.values())) {
                if (slot.fence.equals(lost)) {
                    LOG.warn("{} has another owner, who took it while this one slept", slot.name);
                    drop(slot.index);
                }
            }
            for (Map.Entry<Integer, Stopped> halted : Map.copyOf(stopped).entrySet()) {
                if (lost.equals(halted.getValue().fence())) {
                    drop(halted.getKey());
                }
            }
            showAtMillis = 0;
        }
    }

    private void obeyRequests() {
        if (requests.isEmpty()) {
            return;
        }
        List<Request> asked = new ArrayList<>(requests);
        held = held();
        for (Request next : asked) {
            requests.remove(next);
            int index = next.index();
            if (!next.take()) {
                giveBack(index);
            } else if (!running.containsKey(index) && !stopped.containsKey(index)) {
                toTakeAtMillis.putIfAbsent(index, 0L);
            }
        }
        showAtMillis = 0;
    }

    /** Has nothing to do with the shard any more; gives the lease it had. */
    private ShardStore.@Nullable Fence drop(int index) {
        toTakeAtMillis.remove(index);
        Slot<S> slot = running.remove(index);
        Stopped halted = stopped.remove(index);
        if (slot != null) {
            reader.unassign(partitions(index));
        }
        publisher.forget(name(index));
        return slot != null ? slot.fence : halted != null ? halted.fence() : null;
    }

    private void giveBack(int index) {
        ShardStore.Fence fence = drop(index);
        if (fence != null) {
            try {
                store.release(fence);
            } catch (SQLException unreachable) {
                LOG.warn("{} could not be handed back, its lease will run out", name(index));
            }
        }
    }

    /** Hands everything back and closes the ports. */
    void close() {
        Set<Integer> all = new HashSet<>(running.keySet());
        all.addAll(stopped.keySet());
        all.forEach(this::giveBack);
        showState(clock.getAsLong());
        publisher.close();
        reader.close();
        store.close();
    }

    private Set<TopicPartition> partitions(int index) {
        Set<TopicPartition> partitions = new HashSet<>();
        for (InputTopic input : group.inputs()) {
            partitions.add(new TopicPartition(input.topic(), index));
        }
        return partitions;
    }

    private void takeOverDue(long now) {
        List<Integer> due = new ArrayList<>();
        toTakeAtMillis.forEach(
                (index, atMillis) -> {
                    if (atMillis <= now) {
                        due.add(index);
                    }
                });
        if (due.isEmpty()) {
            return;
        }
        loading = true;
        try {
            load(takeOver(due));
            trouble = "";
            pauseMillis = 0;
        } catch (SQLException | RuntimeException failed) {
            store.rollback();
            LOG.warn("shards {} of {} could not be loaded", due, group.name(), failed);
            trouble = "shards could not be loaded: " + failed;
            metrics.failures.increment();
            long again = now + pause();
            for (int index : due) {
                toTakeAtMillis.computeIfPresent(index, (any, before) -> again);
            }
        } finally {
            loading = false;
            showAtMillis = 0;
            aliveAtMillis = clock.getAsLong();
        }
    }

    private long pause() {
        pauseMillis = Math.clamp(pauseMillis * 2, 50, LONGEST_PAUSE_MILLIS);
        return pauseMillis;
    }

    private List<Slot<S>> takeOver(List<Integer> due) throws SQLException {
        String cluster = reader.clusterId();
        List<Slot<S>> taken = new ArrayList<>();
        for (int index : due) {
            ShardStore.Taken taking = store.takeOver(name(index), instance, cluster);
            if (taking == null) {
                LOG.info("{} belongs to another instance", name(index));
                toTakeAtMillis.remove(index);
                publisher.forget(name(index));
                continue;
            }
            ShardStore.Fence fence = new ShardStore.Fence(name(index), taking.epoch());
            if (!taking.cluster().equals(cluster)) {
                toTakeAtMillis.remove(index);
                halt(index, fence, "its offsets are of log " + taking.cluster(), null);
                continue;
            }
            taken.add(new Slot<>(index, name(index), group.inputs(), fence, group.create(index)));
        }
        return taken;
    }

    private void load(List<Slot<S>> slots) throws SQLException {
        if (slots.isEmpty()) {
            return;
        }
        fences = fencesWith(slots);
        Map<Integer, ShardStore.Recovered> recovered = new HashMap<>();
        T transaction = store.beginLoad();
        for (Slot<S> slot : slots) {
            ShardStore.Recovered found = store.recover(transaction, slot.name);
            slot.recover(found);
            recovered.put(slot.index, found);
        }
        group.load(states(slots), transaction);
        store.endLoad(transaction);
        Set<TopicPartition> partitions = new HashSet<>();
        slots.forEach(slot -> partitions.addAll(partitions(slot.index)));
        Map<TopicPartition, LogReader.Bounds> bounds = reader.bounds(partitions);
        for (Slot<S> slot : slots) {
            start(slot, bounds, recovered.get(slot.index));
        }
    }

    private void start(
            Slot<S> slot,
            Map<TopicPartition, LogReader.Bounds> bounds,
            ShardStore.@Nullable Recovered recovered) {
        Map<TopicPartition, Long> next = new HashMap<>();
        String lost = "";
        for (int i = 0; i < group.inputs().size(); i++) {
            TopicPartition partition =
                    new TopicPartition(group.inputs().get(i).topic(), slot.index);
            LogReader.Bounds kept = bounds.get(partition);
            if (kept == null) {
                throw new IllegalStateException("the log does not say what it has of " + partition);
            }
            if (slot.position(i) < 0) {
                slot.position(i, kept.begin());
            } else if (slot.position(i) < kept.begin() || slot.position(i) > kept.end()) {
                lost =
                        "next is "
                                + partition
                                + "@"
                                + slot.position(i)
                                + ", but the log has "
                                + kept.begin()
                                + " to "
                                + kept.end();
            }
            next.put(partition, slot.position(i));
        }
        toTakeAtMillis.remove(slot.index);
        publisher.forget(slot.name);
        if (recovered != null) {
            recovered.outbox().forEach(publisher::add);
        }
        if (!lost.isEmpty()) {
            halt(slot.index, slot.fence, lost, null);
            return;
        }
        reader.assign(next);
        running.put(slot.index, slot);
        LOG.info("{} runs in epoch {}", slot.name, slot.fence.epoch());
    }

    /** Gives accepted records to their slots; moves positions past those that are not. */
    private boolean gather(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        long now = clock.getAsLong();
        boolean came = false;
        Set<TopicPartition> cut = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            came = true;
            Slot<S> slot = running.get(record.partition());
            if (slot == null) {
                continue;
            }
            int input = slot.input(record.topic());
            if (record.offset() < slot.position(input)) {
                continue;
            }
            if (caution.oneByOne(slot.index) && slot.hasAccepted()) {
                cut.add(new TopicPartition(record.topic(), record.partition()));
                continue;
            }
            slot.position(input, record.offset() + 1);
            accept(slot, input, record, now);
        }
        for (TopicPartition partition : cut) {
            Slot<S> slot = running.get(partition.partition());
            if (slot != null) {
                reader.assign(Map.of(partition, slot.position(slot.input(partition.topic()))));
            }
        }
        return came;
    }

    private void accept(Slot<S> slot, int input, ConsumerRecord<byte[], byte[]> record, long now) {
        if (slot.inputs.get(input).kind() == InputTopic.Kind.EVENTS) {
            byte[] channel = ChannelHeader.of(record.headers());
            if (channel == null) {
                stop(slot.index, place(record) + " has no channel number", null);
                return;
            }
            Slot.Source source = slot.source(input, channel);
            long number = ChannelHeader.number(channel);
            if (number <= source.number) {
                metrics.repeats.increment();
                return;
            }
            if (number > source.number + 1) {
                metrics.gaps.increment();
                if (source.gapSinceMillis == 0) {
                    source.gapSinceMillis = now;
                    LOG.warn(
                            "{}: {} {} is ahead of its turn after {}",
                            slot.name,
                            source.name,
                            number,
                            source.number);
                }
                return;
            }
            source.number = number;
            source.gapSinceMillis = 0;
        }
        byte[] value = record.value();
        slot.accepted
                .get(input)
                .add(
                        new Incoming(
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                value == null ? new byte[0] : value,
                                ChannelHeader.reply(record.headers())));
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /** Ticks if it is time, or if it was asked for, which is the answer. */
    private boolean tick(long now) {
        boolean wasRung = rung;
        boolean isSetBack = nextTickMillis - now > TICK_MILLIS;
        if (now < nextTickMillis && !isSetBack && !wasRung) {
            return false;
        }
        rung = false;
        nextTickMillis = now + TICK_MILLIS;
        for (Slot<S> slot : List.copyOf(running.values())) {
            try {
                slot.state.tick(now, slot);
                slot.changed = slot.hasEmitted() || slot.state.changedByTick();
            } catch (RuntimeException | StackOverflowError thrown) {
                stop(slot.index, "a tick threw " + thrown, thrown);
            }
        }
        return wasRung;
    }

    private boolean commitBatches(long now) {
        boolean housekeeping = now - housekeepingMillis >= OFFSETS_ONLY_MILLIS;
        if (housekeeping) {
            housekeepingMillis = now;
        }
        List<Slot<S>> together = new ArrayList<>();
        List<Slot<S>> alone = new ArrayList<>();
        for (Slot<S> slot : running.values()) {
            slot.changed |= slot.hasAccepted();
            if (slot.changed
                    || (housekeeping
                            && (slot.offsetsMoved()
                                    || !publisher.confirmed(slot.name).isEmpty()))) {
                (caution.alone(slot.index) ? alone : together).add(slot);
            }
        }
        if (!together.isEmpty()) {
            commit(together, now);
        }
        for (Slot<S> slot : alone) {
            commit(new ArrayList<>(List.of(slot)), now);
        }
        return !together.isEmpty() || !alone.isEmpty();
    }

    private void commit(List<Slot<S>> members, long now) {
        long begun = System.nanoTime();
        ShardStore.Batch moved =
                new ShardStore.Batch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<S> changed = new ArrayList<>();
        int records = 0;
        try {
            T transaction = store.begin();
            Map<S, List<Incoming>> batch = new LinkedHashMap<>();
            for (Slot<S> slot : members) {
                if (slot.hasAccepted()) {
                    batch.put(slot.state, slot.acceptedInOrder());
                }
            }
            prefetch(batch, transaction);
            for (Slot<S> slot : List.copyOf(members)) {
                List<Incoming> accepted = batch.getOrDefault(slot.state, List.of());
                if (handle(slot, accepted, now)) {
                    records += accepted.size();
                } else {
                    members.remove(slot);
                }
            }
            if (members.isEmpty()) {
                store.rollback();
                return;
            }
            for (Slot<S> slot : members) {
                if (slot.changed) {
                    changed.add(slot.state);
                }
                slot.addTo(moved);
                moved.confirmed().addAll(publisher.confirmed(slot.name));
            }
            Writes writes = new Writes();
            flush(changed, transaction, writes);
            store.commit(transaction, writes, moved);
        } catch (ShardStore.FencedException lost) {
            store.rollback();
            LOG.warn("{} lost a shard: {}", group.name(), lost.getMessage());
            throwAway(members, now + pause());
            return;
        } catch (SQLException | RuntimeException failed) {
            store.rollback();
            commitFailed(members, failed, now);
            return;
        }
        metrics.commit.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        committed(members, changed, moved, records, now);
    }

    private void prefetch(Map<S, List<Incoming>> batch, T transaction) throws SQLException {
        if (batch.isEmpty()) {
            return;
        }
        try {
            group.prefetch(batch, transaction);
        } catch (RuntimeException thrown) {
            throw new GroupFault(thrown);
        }
    }

    private void flush(List<S> changed, T transaction, Writes writes) throws SQLException {
        if (changed.isEmpty()) {
            return;
        }
        try {
            group.flush(changed, transaction, writes);
        } catch (RuntimeException thrown) {
            throw new GroupFault(thrown);
        }
    }

    /** The group's own code threw, so the same records will make it throw again. */
    private static final class GroupFault extends RuntimeException {
        GroupFault(RuntimeException cause) {
            super(cause);
        }
    }

    private void committed(
            List<Slot<S>> members, List<S> changed, ShardStore.Batch moved, int records, long now) {
        pauseMillis = 0;
        trouble = "";
        for (Slot<S> slot : members) {
            caution.succeeded(slot.index);
            forgetFailures(slot);
            slot.committed();
            publisher.deleted(slot.name);
        }
        moved.sent().forEach(publisher::add);
        if (records > 0) {
            rest(now, records);
            metrics.records.increment(records);
            metrics.batchRecords.record(records);
        }
        if (changed.isEmpty()) {
            return;
        }
        try {
            group.committed(changed);
        } catch (RuntimeException thrown) {
            LOG.error("{}: what follows a commit threw; loading again", group.name(), thrown);
            throwAway(members, now);
        }
    }

    private void forgetFailures(Slot<S> slot) {
        if (!failures.isEmpty()) {
            slot.acceptedInOrder().forEach(record -> failures.remove(key(record)));
        }
    }

    private boolean handle(Slot<S> slot, List<Incoming> accepted, long now) {
        for (Incoming record : accepted) {
            int failed = failures.isEmpty() ? 0 : failures.getOrDefault(key(record), 0);
            try {
                if (failed < ATTEMPTS) {
                    slot.state.handle(record, now, slot);
                } else {
                    refuse(slot, record, now);
                }
            } catch (RuntimeException | StackOverflowError thrown) {
                blame(slot, record, failed, thrown, now);
                return false;
            }
        }
        return endBatch(slot, now);
    }

    private boolean endBatch(Slot<S> slot, long now) {
        if (!slot.changed) {
            return true;
        }
        try {
            slot.state.endBatch(now, slot);
            return true;
        } catch (RuntimeException | StackOverflowError thrown) {
            stop(slot.index, "the end of a batch threw " + thrown, thrown);
            return false;
        }
    }

    private void refuse(Slot<S> slot, Incoming record, long now) {
        slot.state.refuse(record, now, slot);
        slot.emit(new Outgoing(deadLetterTopic, 0, key(record), record.value(), null));
        metrics.refused.increment();
        LOG.error("{} refused {} after {} attempts", slot.name, key(record), ATTEMPTS);
    }

    private static String key(Incoming record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    private void blame(Slot<S> slot, Incoming record, int failed, Throwable thrown, long now) {
        InputTopic.Kind kind = slot.inputs.get(slot.input(record.topic())).kind();
        if (kind == InputTopic.Kind.EVENTS || failed >= ATTEMPTS) {
            stop(slot.index, key(record) + " threw " + thrown, thrown);
            return;
        }
        LOG.warn("{}: {} threw", slot.name, key(record), thrown);
        failures.put(key(record), failed + 1);
        metrics.failures.increment();
        throwAway(List.of(slot), now);
    }

    private void commitFailed(List<Slot<S>> members, Exception failed, long now) {
        metrics.failures.increment();
        long pause = pause();
        trouble = "batches fail: " + failed;
        LOG.warn("a batch of {} failed; loading again in {} ms", group.name(), pause, failed);
        if (isAboutData(failed)) {
            for (Slot<S> slot : members) {
                List<Incoming> accepted = slot.acceptedInOrder();
                if (members.size() == 1 && accepted.size() == 1) {
                    Incoming record = accepted.getFirst();
                    int before = failures.getOrDefault(key(record), 0);
                    if (before + (isEvent(slot, record) ? 1 : 0) >= ATTEMPTS) {
                        stop(slot.index, key(record) + " can't be stored: " + failed, failed);
                        return;
                    }
                    failures.put(key(record), before + 1);
                }
                caution.failed(slot.index);
            }
        }
        throwAway(members, now + pause);
    }

    private boolean isEvent(Slot<S> slot, Incoming record) {
        return slot.inputs.get(slot.input(record.topic())).kind() == InputTopic.Kind.EVENTS;
    }

    /** Whether another attempt with the same records will fail again. */
    private static boolean isAboutData(Exception failed) {
        if (failed instanceof SQLException sql) {
            String state = sql.getSQLState();
            return state != null && (state.startsWith("22") || state.startsWith("23"));
        }
        return failed instanceof GroupFault;
    }

    /** Gives up everything in memory and loads it again; after an error nobody expected. */
    void reset() {
        store.rollback();
        throwAway(List.copyOf(running.values()), clock.getAsLong() + pause());
    }

    private void throwAway(Collection<Slot<S>> slots, long againAtMillis) {
        for (Slot<S> slot : slots) {
            if (running.remove(slot.index) != null) {
                reader.unassign(partitions(slot.index));
                toTakeAtMillis.put(slot.index, againAtMillis);
                showAtMillis = 0;
            }
        }
    }

    /**
     * Stops a shard that can't go on. But one that was lost knows nothing of what its new owner
     * decided, and may well stumble over what followed from that: then there is nothing to stop.
     */
    private void stop(int index, String reason, @Nullable Throwable cause) {
        Slot<S> slot = running.get(index);
        if (slot == null) {
            return;
        }
        boolean owned;
        try {
            owned = store.owns(slot.fence);
        } catch (SQLException unreachable) {
            LOG.warn("{} can't go on, and may be another's: {}", slot.name, reason, unreachable);
            throwAway(List.of(slot), clock.getAsLong() + pause());
            return;
        }
        if (!owned) {
            LOG.warn("{} lost {}, where {}", group.name(), slot.name, reason);
            throwAway(List.of(slot), clock.getAsLong() + pause());
            return;
        }
        running.remove(index);
        reader.unassign(partitions(index));
        halt(index, slot.fence, reason, cause);
    }

    private void halt(int index, ShardStore.Fence fence, String reason, @Nullable Throwable cause) {
        LOG.error("{} stopped and needs a person: {}", name(index), reason, cause);
        stopped.put(index, new Stopped(fence, reason));
        showAtMillis = 0;
    }

    private void showState(long now) {
        showAtMillis = now + SHOW_MILLIS;
        owned = Set.copyOf(running.keySet());
        Set<Integer> all = new HashSet<>(running.keySet());
        all.addAll(toTakeAtMillis.keySet());
        all.addAll(stopped.keySet());
        held = all;
        Map<Integer, String> reasons = new TreeMap<>();
        stopped.forEach((index, halted) -> reasons.put(index, halted.reason()));
        stopReasons = reasons;
        fences = fencesWith(List.of());
        metrics.owned.set(running.size());
        metrics.stopped.set(stopped.size());
        long gap = 0;
        long lag = 0;
        for (Slot<S> slot : running.values()) {
            long since = slot.gapSinceMillis();
            gap = since == 0 ? gap : Math.max(gap, now - since);
            for (InputTopic input : group.inputs()) {
                lag += reader.lag(new TopicPartition(input.topic(), slot.index));
            }
        }
        metrics.gapMillis.set(gap);
        metrics.lag.set(lag);
    }

    private List<ShardStore.Fence> fencesWith(List<Slot<S>> more) {
        List<ShardStore.Fence> all = new ArrayList<>(fencesOf(running.values()));
        all.addAll(fencesOf(more));
        for (Stopped halted : stopped.values()) {
            if (halted.fence() != null) {
                all.add(halted.fence());
            }
        }
        return all;
    }

    private static <S extends Shard> List<ShardStore.Fence> fencesOf(Collection<Slot<S>> slots) {
        List<ShardStore.Fence> all = new ArrayList<>(slots.size());
        for (Slot<S> slot : slots) {
            all.add(slot.fence);
        }
        return all;
    }

    private static <S extends Shard> List<S> states(List<Slot<S>> slots) {
        List<S> states = new ArrayList<>(slots.size());
        for (Slot<S> slot : slots) {
            states.add(slot.state);
        }
        return states;
    }

    /** Hashes of the states in memory, by shard index; for tests. */
    Map<Integer, Long> stateHashes() {
        Map<Integer, Long> hashes = new TreeMap<>();
        running.forEach((index, slot) -> hashes.put(index, slot.state.stateHash()));
        return hashes;
    }
}
