package io.perpetua.orders.domain.book;

import java.util.Arrays;

/**
 * A map from any long but {@link Long#MIN_VALUE} to a non-negative int, by open addressing with
 * linear probing: 12 bytes an entry at a load of at most 5/8, no tombstones, no boxing.
 */
final class LongIntMap {
    /** What {@link #get} answers for a key that is not there. */
    static final int NONE = -1;

    private static final long EMPTY = Long.MIN_VALUE;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int SMALLEST = 16;

    private long[] keys;
    private int[] values;
    private int shift;
    private int mask;
    private int size;
    private int growsAt;

    LongIntMap() {
        keys = new long[0];
        values = new int[0];
        allocate(SMALLEST);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int get(long key) {
        long[] table = keys;
        int at = home(key);
        while (true) {
            long found = table[at];
            if (found == key) {
                return values[at];
            }
            if (found == EMPTY) {
                return NONE;
            }
            at = (at + 1) & mask;
        }
    }

    void put(long key, int value) {
        int at = home(key);
        while (keys[at] != EMPTY) {
            if (keys[at] == key) {
                values[at] = value;
                return;
            }
            at = (at + 1) & mask;
        }
        keys[at] = key;
        values[at] = value;
        if (++size > growsAt) {
            grow();
        }
    }

    void remove(long key) {
        int gap = home(key);
        while (keys[gap] != key) {
            if (keys[gap] == EMPTY) {
                return;
            }
            gap = (gap + 1) & mask;
        }
        size--;
        // Whoever probed past the gap moves back into it, so that no search ends too early.
        int at = gap;
        while (true) {
            at = (at + 1) & mask;
            long key2 = keys[at];
            if (key2 == EMPTY) {
                break;
            }
            if (((at - home(key2)) & mask) >= ((at - gap) & mask)) {
                keys[gap] = key2;
                values[gap] = values[at];
                gap = at;
            }
        }
        keys[gap] = EMPTY;
    }

    private int home(long key) {
        return (int) ((key * GOLDEN_RATIO) >>> shift);
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        allocate(oldKeys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int at = home(oldKeys[i]);
                while (keys[at] != EMPTY) {
                    at = (at + 1) & mask;
                }
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    private void allocate(int capacity) {
        keys = new long[capacity];
        Arrays.fill(keys, EMPTY);
        values = new int[capacity];
        shift = 64 - Integer.numberOfTrailingZeros(capacity);
        mask = capacity - 1;
        growsAt = capacity / 8 * 5;
    }
}
