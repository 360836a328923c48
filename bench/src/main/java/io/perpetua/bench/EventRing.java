package io.perpetua.bench;

import io.perpetua.orders.domain.book.BookListener;
import io.perpetua.orders.domain.book.BookRefusal;
import io.perpetua.orders.domain.book.CutCause;

/**
 * Takes every event of a book, whole, into a ring of primitives, as a publisher would, and counts
 * trades: the cost of emitting is part of what is measured.
 */
final class EventRing implements BookListener {
    private static final int WORDS = 1 << 16;
    private static final int WORDS_PER_EVENT = 8;

    private final long[] ring = new long[WORDS];
    private final Object[] causes = new Object[WORDS / WORDS_PER_EVENT];
    private int next;
    private long events;
    private long trades;
    private long volume;

    @Override
    public void filled(
            long takerId,
            long makerId,
            long price,
            long size,
            long takerRemaining,
            long makerRemaining) {
        trades++;
        volume += size;
        put(1, takerId, makerId, price, size, takerRemaining, makerRemaining);
    }

    @Override
    public void rested(long orderId, long price, long remaining, long priority) {
        put(2, orderId, price, remaining, priority, 0, 0);
    }

    @Override
    public void amended(long orderId, long price, long remaining) {
        put(3, orderId, price, remaining, 0, 0, 0);
    }

    @Override
    public void reduced(long orderId, long by, long remaining, CutCause cause) {
        causes[next / WORDS_PER_EVENT] = cause;
        put(4, orderId, by, remaining, 0, 0, 0);
    }

    @Override
    public void cancelled(long orderId, long size, CutCause cause) {
        causes[next / WORDS_PER_EVENT] = cause;
        put(5, orderId, size, 0, 0, 0, 0);
    }

    @Override
    public void refused(long orderId, BookRefusal refusal) {
        causes[next / WORDS_PER_EVENT] = refusal;
        put(6, orderId, 0, 0, 0, 0, 0);
    }

    private void put(long kind, long a, long b, long c, long d, long e, long f) {
        int at = next;
        ring[at] = kind;
        ring[at + 1] = a;
        ring[at + 2] = b;
        ring[at + 3] = c;
        ring[at + 4] = d;
        ring[at + 5] = e;
        ring[at + 6] = f;
        next = at + WORDS_PER_EVENT & WORDS - 1;
        events++;
    }

    long events() {
        return events;
    }

    long trades() {
        return trades;
    }

    long volume() {
        return volume;
    }
}
