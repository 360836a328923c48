package io.perpetua.orders.domain.book;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes down what a book tells, and keeps the positions that its fills make. */
class BookJournal implements BookListener, PositionSizes {
    record Fill(long takerId, long makerId, long price, long size) {}

    final List<String> events = new ArrayList<>();
    final List<Fill> fills = new ArrayList<>();
    private final Map<Long, Long> positions = new HashMap<>();
    private final Map<Long, Long> accounts = new HashMap<>();
    private final Map<Long, Boolean> buys = new HashMap<>();
    private final Map<Long, Long> remaining = new HashMap<>();
    private final Set<Long> rested = new HashSet<>();

    /** Must be told of every new order before the book is. */
    void expect(Placement order) {
        accounts.put(order.orderId, order.account);
        buys.put(order.orderId, order.buy);
        remaining.put(order.orderId, order.size);
        rested.remove(order.orderId);
    }

    /** What remains of an order: its size less all that was told to have left it. */
    long remaining(long orderId) {
        return remaining.getOrDefault(orderId, 0L);
    }

    /** What remains of all orders together. */
    long remaining() {
        return remaining.values().stream().mapToLong(Long::longValue).sum();
    }

    /** An empty journal that knows the same orders and positions. */
    BookJournal continued() {
        BookJournal other = new BookJournal();
        other.positions.putAll(positions);
        other.accounts.putAll(accounts);
        other.buys.putAll(buys);
        return other;
    }

    void setSize(long account, long size) {
        positions.put(account, size);
    }

    Map<Long, Long> positions() {
        return positions;
    }

    /** What was written since the last call. */
    List<String> drain() {
        List<String> drained = List.copyOf(events);
        events.clear();
        fills.clear();
        return drained;
    }

    @Override
    public long sizeOf(long account) {
        return positions.getOrDefault(account, 0L);
    }

    @Override
    public void filled(
            long takerId,
            long makerId,
            long price,
            long size,
            long takerRemaining,
            long makerRemaining) {
        move(takerId, size);
        move(makerId, size);
        remaining.merge(takerId, -size, Long::sum);
        remaining.merge(makerId, -size, Long::sum);
        fills.add(new Fill(takerId, makerId, price, size));
        events.add(
                "%d filled %d @%d with %d, remain %d and %d"
                        .formatted(takerId, size, price, makerId, takerRemaining, makerRemaining));
    }

    @Override
    public void rested(long orderId, long price, long remaining, long priority) {
        rested.add(orderId);
        events.add("%d rests %d @%d".formatted(orderId, remaining, price));
    }

    @Override
    public void amended(long orderId, long price, long remaining) {
        this.remaining.put(orderId, remaining);
        events.add("%d amended to %d @%d".formatted(orderId, remaining, price));
    }

    @Override
    public void reduced(long orderId, long by, long remaining, CutCause cause) {
        this.remaining.merge(orderId, -by, Long::sum);
        events.add("%d reduced by %d to %d: %s".formatted(orderId, by, remaining, cause));
    }

    @Override
    public void cancelled(long orderId, long size, CutCause cause) {
        remaining.merge(orderId, -size, Long::sum);
        events.add("%d cancelled %d: %s".formatted(orderId, size, cause));
    }

    @Override
    public void refused(long orderId, BookRefusal refusal) {
        if (!rested.contains(orderId)) {
            remaining.remove(orderId);
        }
        events.add("%d refused: %s".formatted(orderId, refusal));
    }

    private void move(long orderId, long size) {
        long account = accounts.getOrDefault(orderId, 0L);
        if (account != 0) {
            positions.merge(account, buys.get(orderId) ? size : -size, Long::sum);
        }
    }
}
