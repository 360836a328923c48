package io.perpetua.orders.domain.book;

import java.util.Arrays;

/**
 * One side's price levels, sorted so that the best has the greatest key: the price for bids, the
 * negated price for asks.
 *
 * <p>Levels are numbers of {@link PriceLevels}. They stand in blocks of at most 32, so that finding
 * one is two short binary searches and adding one moves at most 400 bytes, however many there are.
 */
final class PriceLadder {
    /** No level. */
    static final int NONE = -1;

    private static final int BLOCK = 32;
    private static final long[] NO_KEYS = {};
    private static final int[] NO_LEVELS = {};

    private long[] firstKeys = new long[4];
    private long[][] keys = new long[4][];
    private int[][] levels = new int[4][];
    private int[] counts = new int[4];
    private int blocks;

    private int bestLevel = NONE;
    private long bestKey = Long.MIN_VALUE;

    /** The best level, or {@link #NONE}. */
    int best() {
        return bestLevel;
    }

    /** The key of the best level; less than any price's when there is none. */
    long bestKey() {
        return bestKey;
    }

    /** The best level whose key is less than this one, or {@link #NONE}. */
    int next(long key) {
        if (blocks == 0) {
            return NONE;
        }
        int block = blockOf(key);
        int at = search(keys[block], counts[block], key) - 1;
        if (at >= 0) {
            return levels[block][at];
        }
        return block == 0 ? NONE : levels[block - 1][counts[block - 1] - 1];
    }

    /** The level with this key, which is that of {@code price}; taken and added when absent. */
    int obtain(long key, long price, PriceLevels pool) {
        if (key == bestKey && bestLevel != NONE) {
            return bestLevel;
        }
        if (blocks == 0) {
            insertBlock(0);
        }
        int block = blockOf(key);
        int at = search(keys[block], counts[block], key);
        if (at < counts[block] && keys[block][at] == key) {
            return levels[block][at];
        }
        int level = pool.take(price);
        insert(block, at, key, level);
        if (key > bestKey) {
            bestKey = key;
            bestLevel = level;
        }
        return level;
    }

    /** Removes the level with this key, which is there. */
    void remove(long key) {
        int block = key == bestKey ? blocks - 1 : blockOf(key);
        int count = --counts[block];
        int at = key == bestKey ? count : search(keys[block], count + 1, key);
        System.arraycopy(keys[block], at + 1, keys[block], at, count - at);
        System.arraycopy(levels[block], at + 1, levels[block], at, count - at);
        if (count == 0) {
            removeBlock(block);
        } else {
            firstKeys[block] = keys[block][0];
        }
        if (key == bestKey) {
            int last = blocks - 1;
            bestKey = last < 0 ? Long.MIN_VALUE : keys[last][counts[last] - 1];
            bestLevel = last < 0 ? NONE : levels[last][counts[last] - 1];
        }
    }

    private void insert(int block, int at, long key, int level) {
        if (counts[block] == BLOCK) {
            split(block);
            if (at > BLOCK / 2) {
                block++;
                at -= BLOCK / 2;
            }
        }
        int count = counts[block];
        System.arraycopy(keys[block], at, keys[block], at + 1, count - at);
        System.arraycopy(levels[block], at, levels[block], at + 1, count - at);
        keys[block][at] = key;
        levels[block][at] = level;
        counts[block] = count + 1;
        firstKeys[block] = keys[block][0];
    }

    /** The last block that starts at or below the key, or the first block. */
    private int blockOf(long key) {
        long[] starts = firstKeys;
        int low = 0;
        int length = blocks;
        while (length > 1) {
            int half = length >>> 1;
            low = starts[low + half] <= key ? low + half : low;
            length -= half;
        }
        return low;
    }

    /**
     * How many of the sorted keys are below the key; without a branch that could be mispredicted.
     */
    private static int search(long[] sorted, int count, long key) {
        int low = 0;
        int length = count;
        while (length > 1) {
            int half = length >>> 1;
            low = sorted[low + half - 1] < key ? low + half : low;
            length -= half;
        }
        return low + (length == 1 && sorted[low] < key ? 1 : 0);
    }

    private void split(int block) {
        insertBlock(block + 1);
        int half = BLOCK / 2;
        System.arraycopy(keys[block], half, keys[block + 1], 0, BLOCK - half);
        System.arraycopy(levels[block], half, levels[block + 1], 0, BLOCK - half);
        counts[block] = half;
        counts[block + 1] = BLOCK - half;
        firstKeys[block + 1] = keys[block + 1][0];
    }

    private void insertBlock(int at) {
        if (blocks == keys.length) {
            int capacity = blocks * 2;
            firstKeys = Arrays.copyOf(firstKeys, capacity);
            keys = Arrays.copyOf(keys, capacity);
            levels = Arrays.copyOf(levels, capacity);
            counts = Arrays.copyOf(counts, capacity);
        }
        int tail = blocks - at;
        System.arraycopy(firstKeys, at, firstKeys, at + 1, tail);
        System.arraycopy(keys, at, keys, at + 1, tail);
        System.arraycopy(levels, at, levels, at + 1, tail);
        System.arraycopy(counts, at, counts, at + 1, tail);
        keys[at] = new long[BLOCK];
        levels[at] = new int[BLOCK];
        counts[at] = 0;
        blocks++;
    }

    private void removeBlock(int at) {
        int tail = --blocks - at;
        System.arraycopy(firstKeys, at + 1, firstKeys, at, tail);
        System.arraycopy(keys, at + 1, keys, at, tail);
        System.arraycopy(levels, at + 1, levels, at, tail);
        System.arraycopy(counts, at + 1, counts, at, tail);
        keys[blocks] = NO_KEYS;
        levels[blocks] = NO_LEVELS;
    }
}
