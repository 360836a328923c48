package io.perpetua.orders.domain.market;

import io.perpetua.contracts.orders.BookLevel;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.orders.domain.book.OrderBook;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures of a book for those who read it. */
final class BookViews {
    private BookViews() {}

    /** The best levels of a side, best first. */
    static List<BookLevel> levels(OrderBook book, boolean buy, int count) {
        List<BookLevel> levels = new ArrayList<>(count);
        if (count > 0) {
            book.forEachLevel(
                    buy,
                    (price, size, orders) -> {
                        levels.add(new BookLevel(new Price(price), new Quantity(size), orders));
                        return levels.size() < count;
                    });
        }
        return levels;
    }

    /**
     * The average price, {@code notional / size}, at which a side fills orders worth {@code
     * notional}; null where it can't.
     */
    static @Nullable Price impact(OrderBook book, boolean buy, Usd notional) {
        if (notional.signum() <= 0) {
            return null;
        }
        ImpactWalk walk = new ImpactWalk(notional.micros());
        book.forEachLevel(buy, walk);
        return walk.left > 0
                ? null
                : Amounts.price(notional, new Quantity(walk.size), RoundingMode.HALF_EVEN);
    }

    private static final class ImpactWalk implements OrderBook.LevelVisitor {
        /** Micro-dollars still to be filled. */
        long left;

        /** What that took so far (1e-8). */
        long size;

        ImpactWalk(long micros) {
            left = micros;
        }

        @Override
        public boolean visit(long price, long available, int orders) {
            long wanted = sizeWorth(left, price);
            if (wanted <= available) {
                size += Math.max(1, wanted);
                left = 0;
                return false;
            }
            size += available;
            left -=
                    Amounts.notional(
                                    new Price(price),
                                    new Quantity(available),
                                    RoundingMode.HALF_EVEN)
                            .micros();
            return left > 0;
        }
    }

    /** Of what is worth {@code micros} at a price; all there can be where that is more. */
    private static long sizeWorth(long micros, long price) {
        boolean isCounted =
                price >= UNITS_SQUARED_PER_MICRO
                        || micros
                                < Amounts.multiplyDivide(
                                        Long.MAX_VALUE,
                                        price,
                                        UNITS_SQUARED_PER_MICRO,
                                        RoundingMode.FLOOR);
        return isCounted
                ? Amounts.multiplyDivide(
                        micros, UNITS_SQUARED_PER_MICRO, price, RoundingMode.HALF_EVEN)
                : Long.MAX_VALUE;
    }

    /** Price units x size units in a micro-dollar: 1e-6 / (1e-8 x 1e-8). */
    private static final long UNITS_SQUARED_PER_MICRO = 10_000_000_000L;
}
