package io.perpetua.eventlog;

import java.util.HashMap;
import java.util.Map;

/**
 * Which shards are to be handled carefully because their data made a commit fail: first apart from
 * the others, so that they do not suffer with it, then one record at a time, so that the culprit is
 * found. After enough good batches caution ends.
 */
final class Caution {
    private static final int GOOD_BATCHES = 100;

    private final Map<Integer, int[]> levelAndGood = new HashMap<>();

    void failed(int shard) {
        int[] now = levelAndGood.computeIfAbsent(shard, any -> new int[2]);
        now[0] = Math.min(2, now[0] + 1);
        now[1] = 0;
    }

    void succeeded(int shard) {
        if (levelAndGood.isEmpty()) {
            return;
        }
        int[] now = levelAndGood.get(shard);
        if (now != null && ++now[1] >= GOOD_BATCHES) {
            levelAndGood.remove(shard);
        }
    }

    boolean alone(int shard) {
        return !levelAndGood.isEmpty() && levelAndGood.containsKey(shard);
    }

    boolean oneByOne(int shard) {
        int[] now = levelAndGood.isEmpty() ? null : levelAndGood.get(shard);
        return now != null && now[0] == 2;
    }
}
