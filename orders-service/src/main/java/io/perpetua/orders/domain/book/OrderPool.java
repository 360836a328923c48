package io.perpetua.orders.domain.book;

import java.util.Arrays;

/**
 * The records of resting orders, 64 bytes each, named by a slot number and used again once free.
 *
 * <p>They lie in chunks of longs rather than in objects: a million of them are a few hundred arrays
 * to the collector, and writing a link costs no barrier.
 */
final class OrderPool {
    /** No slot. */
    static final int NONE = -1;

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;
    private static final int RECORD_BITS = 3;

    private static final int ID = 0;
    private static final int ACCOUNT = 1;
    private static final int GROUP = 2;
    private static final int REMAINING = 3;
    private static final int PRIORITY = 4;

    /** The order behind it at its price in the high half, the one ahead in the low half. */
    private static final int QUEUE = 5;

    /** Its price level in the high half, flags in the low half. */
    private static final int PLACE = 6;

    /**
     * Of one account's reduce-only orders: the next older one in the high half, newer in the low.
     */
    private static final int REDUCING = 7;

    private static final int BUY = 1;
    private static final int REDUCE_ONLY = 2;
    private static final int POST_ONLY = 4;

    private static final long LOW = 0xffffffffL;

    private long[][] chunks = new long[1][];
    private int used;
    private int free = NONE;

    /** A slot whose record is still to be set. */
    int take() {
        int slot = free;
        if (slot == NONE) {
            slot = used++;
            addChunkFor(slot);
        } else {
            free = behind(slot);
        }
        return slot;
    }

    /** Writes the whole record. */
    void set(int slot, Placement order, long remaining, long priority, int level) {
        long[] chunk = chunks[slot >>> CHUNK_BITS];
        int at = (slot & CHUNK_MASK) << RECORD_BITS;
        chunk[at + ID] = order.orderId;
        chunk[at + ACCOUNT] = order.account;
        chunk[at + GROUP] = order.group;
        chunk[at + REMAINING] = remaining;
        chunk[at + PRIORITY] = priority;
        chunk[at + QUEUE] = -1L;
        int flags =
                (order.buy ? BUY : 0)
                        | (order.reduceOnly ? REDUCE_ONLY : 0)
                        | (order.postOnly() ? POST_ONLY : 0);
        chunk[at + PLACE] = ((long) level << 32) | flags;
        chunk[at + REDUCING] = -1L;
    }

    void release(int slot) {
        setBehind(slot, free);
        free = slot;
    }

    long id(int slot) {
        return field(slot, ID);
    }

    long account(int slot) {
        return field(slot, ACCOUNT);
    }

    long group(int slot) {
        return field(slot, GROUP);
    }

    long priority(int slot) {
        return field(slot, PRIORITY);
    }

    long remaining(int slot) {
        return field(slot, REMAINING);
    }

    void setRemaining(int slot, long remaining) {
        set(slot, REMAINING, remaining);
    }

    int level(int slot) {
        return (int) (field(slot, PLACE) >> 32);
    }

    boolean buy(int slot) {
        return (field(slot, PLACE) & BUY) != 0;
    }

    boolean reduceOnly(int slot) {
        return (field(slot, PLACE) & REDUCE_ONLY) != 0;
    }

    boolean postOnly(int slot) {
        return (field(slot, PLACE) & POST_ONLY) != 0;
    }

    int behind(int slot) {
        return (int) (field(slot, QUEUE) >> 32);
    }

    void setBehind(int slot, int other) {
        setHigh(slot, QUEUE, other);
    }

    int ahead(int slot) {
        return (int) field(slot, QUEUE);
    }

    void setAhead(int slot, int other) {
        setLow(slot, QUEUE, other);
    }

    int older(int slot) {
        return (int) (field(slot, REDUCING) >> 32);
    }

    void setOlder(int slot, int other) {
        setHigh(slot, REDUCING, other);
    }

    int newer(int slot) {
        return (int) field(slot, REDUCING);
    }

    void setNewer(int slot, int other) {
        setLow(slot, REDUCING, other);
    }

    private long field(int slot, int field) {
        return chunks[slot >>> CHUNK_BITS][((slot & CHUNK_MASK) << RECORD_BITS) + field];
    }

    private void set(int slot, int field, long value) {
        chunks[slot >>> CHUNK_BITS][((slot & CHUNK_MASK) << RECORD_BITS) + field] = value;
    }

    private void setHigh(int slot, int field, int value) {
        set(slot, field, ((long) value << 32) | (field(slot, field) & LOW));
    }

    private void setLow(int slot, int field, int value) {
        set(slot, field, (field(slot, field) & ~LOW) | (value & LOW));
    }

    private void addChunkFor(int slot) {
        int chunk = slot >>> CHUNK_BITS;
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunk * 2);
        }
        if ((slot & CHUNK_MASK) == 0) {
            chunks[chunk] = new long[1 << (CHUNK_BITS + RECORD_BITS)];
        }
    }
}
