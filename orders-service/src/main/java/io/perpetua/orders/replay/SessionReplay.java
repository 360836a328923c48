package io.perpetua.orders.replay;

import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.orders.domain.book.BookListener;
import io.perpetua.orders.domain.book.BookRefusal;
import io.perpetua.orders.domain.book.CutCause;
import io.perpetua.orders.domain.book.OrderBook;
import io.perpetua.orders.domain.book.Placement;
import io.perpetua.orders.domain.book.PositionSizes;
import java.io.PrintStream;

/**
 * A recorded session, line by line: {@code seq,ts_ns,op,order_id,side,price_ticks,size}, after a
 * header or without one.
 *
 * <p>The lines tell what an exchange did, not what clients asked for, which decides the odd cases:
 *
 * <ul>
 *   <li>{@code ioc} may carry the id of an order that rests: an order on its way to a new price
 *       trades first and is replaced after. It takes with a number of its own here.
 *   <li>{@code replace} always goes to the back of the queue. For an order that does not rest it
 *       adds it: the exchange had it, an iceberg's next part for instance.
 *   <li>{@code reduce} sets the size that remains and keeps the place; to 0 it cancels.
 *   <li>{@code cancel} or {@code reduce} of an order that does not rest, a {@code reduce} that
 *       reduces nothing and an {@code add} of an order that rests do nothing, and are counted.
 * </ul>
 */
final class SessionReplay implements BookListener {
    private static final int COLUMNS = 7;
    private static final long NOBODY = 0;

    private final PrintStream out;
    private final OrderBook book = new OrderBook(PositionSizes.NONE, this);
    private final Placement placement = new Placement();
    private final String[] columns = new String[COLUMNS];
    private final StringBuilder fill = new StringBuilder(64);

    private String sequence = "";
    private String takerId = "";
    private long immediateOrders;
    private long commands;
    private long fills;
    private long ignored;

    SessionReplay(PrintStream out) {
        this.out = out;
        out.print("seq,taker_order_id,maker_order_id,price_ticks,size\n");
    }

    /** Carries out one line. */
    void accept(String line) {
        String text = line.strip();
        if (text.isEmpty() || (commands == 0 && text.startsWith("seq,"))) {
            return;
        }
        split(text);
        commands++;
        sequence = columns[0];
        takerId = columns[3];
        long orderId = number(3, "order_id");
        switch (columns[2]) {
            case "add" -> add(orderId);
            case "ioc" -> immediate();
            case "cancel" -> cancel(orderId);
            case "reduce" -> reduce(orderId);
            case "replace" -> replace(orderId);
            default -> throw new IllegalArgumentException("unknown op '" + columns[2] + "'");
        }
    }

    String summary() {
        return commands
                + " commands, "
                + fills
                + " fills, "
                + book.size()
                + " orders resting, "
                + ignored
                + " commands without effect";
    }

    private void add(long orderId) {
        if (book.contains(orderId)) {
            ignored++;
            return;
        }
        book.place(priced(orderId));
    }

    private void immediate() {
        // Negative numbers are free: recorded order ids are positive.
        book.place(priced(--immediateOrders).timeInForce(TimeInForce.IOC));
    }

    private void cancel(long orderId) {
        book.cancel(orderId, NOBODY);
    }

    private void reduce(long orderId) {
        long by = book.remainingOf(orderId) - Math.max(0, number(6, "size"));
        if (by <= 0) {
            ignored++;
            return;
        }
        book.reduceBy(orderId, NOBODY, by);
    }

    private void replace(long orderId) {
        if (book.contains(orderId)) {
            book.cancel(orderId, NOBODY);
        }
        book.place(priced(orderId));
    }

    private Placement priced(long orderId) {
        long price = number(5, "price_ticks");
        long size = number(6, "size");
        return switch (columns[4]) {
            case "buy" -> placement.buy(orderId, price, size);
            case "sell" -> placement.sell(orderId, price, size);
            default -> throw new IllegalArgumentException("unknown side '" + columns[4] + "'");
        };
    }

    private void split(String line) {
        int from = 0;
        for (int i = 0; i < COLUMNS; i++) {
            boolean last = i == COLUMNS - 1;
            int to = last ? line.length() : line.indexOf(',', from);
            if (to < 0) {
                throw new IllegalArgumentException("expected " + COLUMNS + " columns");
            }
            columns[i] = line.substring(from, to);
            from = to + 1;
        }
    }

    private long number(int column, String name) {
        try {
            return Long.parseLong(columns[column]);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(
                    name + " is no whole number: '" + columns[column] + "'", none);
        }
    }

    @Override
    public void filled(
            long taker,
            long makerId,
            long price,
            long size,
            long takerRemaining,
            long makerRemaining) {
        fills++;
        fill.setLength(0);
        fill.append(sequence).append(',').append(takerId).append(',');
        fill.append(makerId).append(',').append(price).append(',').append(size).append('\n');
        out.append(fill);
    }

    @Override
    public void rested(long orderId, long price, long remaining, long priority) {}

    @Override
    public void amended(long orderId, long price, long remaining) {}

    @Override
    public void reduced(long orderId, long by, long remaining, CutCause cause) {}

    @Override
    public void cancelled(long orderId, long size, CutCause cause) {}

    @Override
    public void refused(long orderId, BookRefusal refusal) {
        ignored++;
    }
}
