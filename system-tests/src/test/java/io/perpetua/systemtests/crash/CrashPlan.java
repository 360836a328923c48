package io.perpetua.systemtests.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What goes wrong, and in which order: rounds in each of which every kind of fault comes once. The
 * same seed gives the same plan.
 */
final class CrashPlan {
    private static final long SHORTEST_GAP_MILLIS = 300;
    private static final long LONGEST_GAP_MILLIS = 2_500;

    private final SplittableRandom random;
    private final List<Fault> round = new ArrayList<>();

    CrashPlan(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** What is done to which part. */
    enum Fault {
        KILL_ACCOUNTS("accounts"),
        KILL_ORDERS("orders"),
        KILL_RISK("risk"),
        KILL_MARKET_DATA("market-data"),
        KILL_FRONT_DOOR("front-door"),
        KILL_KAFKA("kafka"),
        KILL_POSTGRES("postgres"),
        PAUSE_ORDERS("orders"),
        PAUSE_RISK("risk");

        final String part;

        Fault(String part) {
            this.part = part;
        }

        boolean isPause() {
            return this == PAUSE_ORDERS || this == PAUSE_RISK;
        }

        boolean hasReplicas() {
            return part.equals("orders") || part.equals("risk");
        }
    }

    /**
     * One fault.
     *
     * @param replica which process of a part that has two is killed, 1 or 2
     * @param shard the owner of which busy shard is paused
     * @param overlaps whether the next one comes before this part is back
     * @param gapMillis until the next one
     * @param oversleepMillis how long a paused process sleeps on after others have its shards
     */
    record Step(
            Fault fault,
            int replica,
            int shard,
            boolean overlaps,
            long gapMillis,
            long oversleepMillis) {
        String part() {
            return fault.hasReplicas() && replica > 1 ? fault.part + "-" + replica : fault.part;
        }
    }

    /** How many steps make a round. */
    static int roundLength() {
        return Fault.values().length;
    }

    /** The next one; there is always a next one. */
    Step next() {
        if (round.isEmpty()) {
            shuffle();
        }
        return new Step(
                round.removeLast(),
                1 + random.nextInt(2),
                random.nextInt(64),
                random.nextInt(4) == 0,
                random.nextLong(SHORTEST_GAP_MILLIS, LONGEST_GAP_MILLIS),
                random.nextLong(1_500));
    }

    private void shuffle() {
        List<Fault> left = new ArrayList<>(List.of(Fault.values()));
        while (!left.isEmpty()) {
            round.add(left.remove(random.nextInt(left.size())));
        }
    }
}
