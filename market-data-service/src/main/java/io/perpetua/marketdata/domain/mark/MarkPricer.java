package io.perpetua.marketdata.domain.mark;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The mark price of one market, by MARK, from the inputs that exist:
 *
 * <ol>
 *   <li>oracle + EMA150s(mid - oracle), while the average has a value and the book is an input;
 *   <li>median(best bid, best ask, last), while the book is fresh and two-sided and its spread is
 *       at most the market's price band: a wider book tells nothing;
 *   <li>the price of perpetuals elsewhere, beside these two; without it EMA30s of the second.
 * </ol>
 *
 * The mark is their median, or the oracle alone: without a book the two that would be left are not
 * told apart by any third. It is rounded half even to the market's tick, so that mark x size is
 * whole micro-dollars.
 */
public final class MarkPricer {
    private static final long BASIS_PERIOD_MILLIS = 150_000;
    private static final long BOOK_PERIOD_MILLIS = 30_000;

    private final MovingAverage basis;
    private final MovingAverage book;

    /** Before the first price, or as {@link #state} gave it. */
    public MarkPricer(State state) {
        basis = MovingAverage.restored(BASIS_PERIOD_MILLIS, state.basis());
        book = MovingAverage.restored(BOOK_PERIOD_MILLIS, state.book());
    }

    /** Takes one sample of the averages, where the book tells something. */
    public void sample(Market market, Price oracle, @Nullable BookInput input, long nowMillis) {
        if (input != null && isTelling(market, input)) {
            basis.add(input.midUnits() - oracle.units(), nowMillis);
            book.add(input.median().units(), nowMillis);
        }
    }

    /**
     * The mark as the inputs stand.
     *
     * @param elsewhere the price of perpetuals at other venues, if any
     */
    public Price mark(
            Market market, Price oracle, @Nullable BookInput input, @Nullable Price elsewhere) {
        Price mark = oracle;
        if (input != null && isTelling(market, input) && basis.isKnown() && book.isKnown()) {
            Price first = new Price(Math.max(1, oracle.units() + basis.units()));
            Price third = elsewhere != null ? elsewhere : new Price(Math.max(1, book.units()));
            mark = Median.of(first, input.median(), third);
        }
        return onTick(mark, market.tick());
    }

    private static boolean isTelling(Market market, BookInput input) {
        long spread = input.bestAsk().units() - input.bestBid().units();
        long widest =
                Amounts.multiplyDivide(
                        input.bestBid().units(),
                        market.priceBand().nanos(),
                        1_000_000_000L,
                        RoundingMode.DOWN);
        return spread > 0 && spread <= widest;
    }

    private static Price onTick(Price price, Price tick) {
        long ticks = Amounts.multiplyDivide(price.units(), 1, tick.units(), RoundingMode.HALF_EVEN);
        return new Price(Math.multiplyExact(Math.max(1, ticks), tick.units()));
    }

    /** What a restart needs. */
    public State state() {
        return new State(basis.state(), book.state());
    }

    /** The averages at rest. */
    public record State(MovingAverage.State basis, MovingAverage.State book) {
        /** Before the first sample. */
        public static final State EMPTY =
                new State(MovingAverage.State.EMPTY, MovingAverage.State.EMPTY);
    }
}
