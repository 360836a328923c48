package io.perpetua.orders.domain.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.orders.RealInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Half a million commands of exchange-core's generator, to an end state two other books reached.
 */
class GeneratedCommandsTest {
    @Test
    void shouldReachTheKnownEndStateWhenDrivenByGeneratedCommands() throws Exception {
        Path file = RealInput.find("matching-commands.bin.xz");
        ByteBuffer commands = ByteBuffer.wrap(unpack(file)).order(ByteOrder.LITTLE_ENDIAN);
        int count = commands.getInt() + commands.getInt();
        Totals totals = new Totals();
        OrderBook book = new OrderBook(PositionSizes.NONE, totals);
        Placement order = new Placement();

        for (int i = 0; i < count; i++) {
            apply(commands, book, order);
        }

        assertThat(totals.trades).isEqualTo(20_429);
        assertThat(totals.volume).isEqualTo(176_410);
        assertThat(book.size()).isEqualTo(938);
    }

    private static void apply(ByteBuffer commands, OrderBook book, Placement order) {
        int type = commands.getInt();
        boolean buy = commands.getInt() == 0;
        int orderType = commands.getInt();
        int user = commands.getInt();
        long id = commands.getLong();
        long price = commands.getLong();
        long size = commands.getLong();
        switch (type) {
            case 1 -> {
                boolean budget = orderType == 2;
                if (buy) {
                    order.buy(id, budget ? Placement.HIGHEST_PRICE : price, size);
                } else {
                    order.sell(id, budget ? Placement.LOWEST_PRICE : price, size);
                }
                order.of(user, 0);
                if (budget) {
                    order.fillOrKillWithin(price);
                } else if (orderType == 1) {
                    order.timeInForce(TimeInForce.IOC);
                }
                book.place(order);
            }
            case 2 -> book.cancel(id, user);
            case 3 -> book.reprice(id, user, price, SelfTrade.CANCEL_TAKER);
            case 4 -> book.reduceBy(id, user, size);
            default -> throw new IllegalArgumentException("command type " + type);
        }
    }

    private static byte[] unpack(Path file) throws IOException, InterruptedException {
        Process xz;
        try {
            xz =
                    new ProcessBuilder("xz", "-dc", file.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        } catch (IOException absent) {
            Assumptions.abort("skipped: no xz on this machine to unpack " + file);
            throw absent;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 25);
        try (InputStream in = xz.getInputStream()) {
            in.transferTo(bytes);
        }
        assertThat(xz.waitFor()).isZero();
        return bytes.toByteArray();
    }

    private static final class Totals implements BookListener {
        long trades;
        long volume;

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
        public void refused(long orderId, BookRefusal refusal) {}
    }
}
