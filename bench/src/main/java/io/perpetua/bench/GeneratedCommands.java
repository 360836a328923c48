package io.perpetua.bench;

import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.orders.domain.book.OrderBook;
import io.perpetua.orders.domain.book.Placement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/**
 * Order commands in the format of {@code matching-commands.bin.xz}: little-endian, the count of
 * commands that fill the book and of those to measure, then 40 bytes each: int type (1 place, 2
 * cancel, 3 move, 4 reduce), int side (0 bid), int order type (0 GTC, 1 IOC, 2 FOK within a
 * budget), int user, long order id, long price, long size.
 */
final class GeneratedCommands {
    private static final int PLACE = 1;
    private static final int CANCEL = 2;
    private static final int MOVE = 3;
    private static final int REDUCE = 4;

    private final int fills;
    private final int count;
    private final int[] kinds;
    private final LongBuffer numbers;

    private GeneratedCommands(int fills, int count, int[] kinds, LongBuffer numbers) {
        this.fills = fills;
        this.count = count;
        this.kinds = kinds;
        this.numbers = numbers;
    }

    static GeneratedCommands read(Path file) throws IOException {
        try (InputStream in = new XZInputStream(Files.newInputStream(file))) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            int fills = bytes.getInt();
            int count = fills + bytes.getInt();
            int[] kinds = new int[count];
            LongBuffer numbers = LongBuffer.allocate(4 * count);
            for (int i = 0; i < count; i++) {
                int type = bytes.getInt();
                int side = bytes.getInt();
                int orderType = bytes.getInt();
                kinds[i] = type | side << 4 | orderType << 8;
                numbers.put(bytes.getInt());
                numbers.put(bytes.getLong()).put(bytes.getLong()).put(bytes.getLong());
            }
            return new GeneratedCommands(fills, count, kinds, numbers.flip());
        }
    }

    /** How many of the first commands only fill the book. */
    int fills() {
        return fills;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** Carries out command {@code i}; {@code order} is scratch space. */
    void apply(int i, OrderBook book, Placement order) {
        long user = numbers.get(4 * i);
        long id = numbers.get(4 * i + 1);
        long price = numbers.get(4 * i + 2);
        long size = numbers.get(4 * i + 3);
        switch (kinds[i] & 15) {
            case PLACE -> place(i, book, order, user, id, price, size);
            case CANCEL -> book.cancel(id, user);
            case MOVE -> book.reprice(id, user, price, SelfTrade.CANCEL_TAKER);
            case REDUCE -> book.reduceBy(id, user, size);
            default -> throw new IllegalArgumentException("command type " + (kinds[i] & 15));
        }
    }

    private void place(
            int i, OrderBook book, Placement order, long user, long id, long price, long size) {
        boolean buy = (kinds[i] >> 4 & 15) == 0;
        int orderType = kinds[i] >> 8;
        boolean budgeted = orderType == 2;
        if (buy) {
            order.buy(id, budgeted ? Placement.HIGHEST_PRICE : price, size);
        } else {
            order.sell(id, budgeted ? Placement.LOWEST_PRICE : price, size);
        }
        order.of(user, 0);
        if (budgeted) {
            order.fillOrKillWithin(price);
        } else if (orderType == 1) {
            order.timeInForce(TimeInForce.IOC);
        }
        book.place(order);
    }
}
