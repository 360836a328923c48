package io.perpetua.systemtests.crash;

import io.perpetua.systemtests.Stack;
import io.perpetua.systemtests.crash.CrashPlan.Step;
import io.perpetua.systemtests.crash.Leases.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Carries out a plan on a running stack, and says what it does when. */
final class Saboteur {
    private static final Duration TAKEOVER = Duration.ofMinutes(1);

    private final Stack stack;
    private final Map<String, List<String>> busy;
    private final Consumer<String> log;
    private final Set<String> killed = new TreeSet<>();
    private final List<Overlap> overlaps = new ArrayList<>();

    /**
     * A process slept, and shards it owned had another owner, of a higher epoch, before it woke.
     */
    record Overlap(String service, Map<String, Lease> before, Map<String, Lease> after) {}

    /**
     * @param busy the shards of orders and of risk that have work to do: their owners are paused
     */
    Saboteur(Stack stack, Map<String, List<String>> busy, Consumer<String> log) {
        this.stack = stack;
        this.busy = busy;
        this.log = log;
    }

    /** Which kinds of parts have been killed. */
    Set<String> killed() {
        return new HashSet<>(killed);
    }

    List<Overlap> overlaps() {
        return List.copyOf(overlaps);
    }

    void carryOut(Step step) throws InterruptedException {
        if (step.fault().isPause()) {
            pause(step);
        } else {
            kill(step);
        }
        Thread.sleep(step.gapMillis());
    }

    /** Waits until all parts are up. */
    void awaitAll() throws InterruptedException {
        for (String part : Stack.PARTS) {
            stack.awaitUp(part);
        }
    }

    private void kill(Step step) throws InterruptedException {
        String part = step.part();
        stack.awaitUp(part);
        long pid = stack.pid(part);
        stack.kill(part);
        killed.add(step.fault().part);
        log.accept("killed " + part + " (pid " + pid + ")");
        if (!step.overlaps()) {
            stack.awaitRestart(part, pid);
            log.accept(part + " is back");
        }
    }

    private void pause(Step step) throws InterruptedException {
        String service = step.fault().part;
        List<String> shards = busy.get(service);
        String shard = shards.get(step.shard() % shards.size());
        Leases leases = new Leases(stack, service);
        awaitAll();
        String instance = awaitOwner(leases, shard);
        String part = instance.equals(service + "-1") ? service : instance;
        Map<String, Lease> before = leases.of(instance);
        long pid = stack.pid(part);
        stack.pause(pid);
        log.accept("paused " + part + " (pid " + pid + "), owner of " + before.keySet());
        try {
            Map<String, Lease> after = awaitTakeover(leases, before, instance);
            log.accept("its shards have another owner: " + after.values());
            overlaps.add(new Overlap(service, before, after));
            Thread.sleep(step.oversleepMillis());
        } finally {
            stack.resume(pid);
        }
        log.accept(part + " woke up");
    }

    /** The shard's owner, once there is another process that could take it over. */
    private static String awaitOwner(Leases leases, String shard) throws InterruptedException {
        long deadline = System.nanoTime() + TAKEOVER.toNanos();
        while (true) {
            Map<String, Lease> all = leases.read();
            long owners = all.values().stream().map(Lease::owner).distinct().count();
            Lease lease = all.get(shard);
            if (owners == 2 && lease != null && lease.owner() != null) {
                return lease.owner();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("two processes don't share the shards: " + all);
            }
            Thread.sleep(200);
        }
    }

    /** Waits until others own all of the shards. */
    private static Map<String, Lease> awaitTakeover(
            Leases leases, Map<String, Lease> before, String sleeper) throws InterruptedException {
        long deadline = System.nanoTime() + TAKEOVER.toNanos();
        while (true) {
            Map<String, Lease> after = leases.read();
            after.keySet().retainAll(before.keySet());
            after.entrySet()
                    .removeIf(
                            now ->
                                    sleeper.equals(now.getValue().owner())
                                            || now.getValue().epoch()
                                                    <= before.get(now.getKey()).epoch());
            if (after.size() == before.size()) {
                return after;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "nobody takes over the shards of " + sleeper + ": " + leases.read());
            }
            Thread.sleep(100);
        }
    }
}
