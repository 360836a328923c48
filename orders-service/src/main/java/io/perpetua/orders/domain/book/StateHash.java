package io.perpetua.orders.domain.book;

/** Folds orders into one number; the order in which they are shown matters. */
final class StateHash implements OrderBook.OrderVisitor {
    private static final long PRIME = 0x100000001B3L;

    private long value = 0xCBF29CE484222325L;

    long value() {
        return value;
    }

    @Override
    public void visit(
            long orderId,
            long account,
            long group,
            boolean buy,
            long price,
            long remaining,
            boolean reduceOnly,
            boolean postOnly,
            long priority) {
        add(orderId);
        add(account);
        add(group);
        add(price);
        add(remaining);
        add((buy ? 1 : 0) | (reduceOnly ? 2 : 0) | (postOnly ? 4 : 0));
    }

    private void add(long number) {
        value = (value ^ number) * PRIME;
        value ^= value >>> 32;
    }
}
