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
 *   <li>oracle + EMA150s(mid - oracle);
 *   <li>median(best bid, best ask, last), while the book is fresh and two-sided and its spread is
 *       at most the market's price band: a wider book tells nothing;
 *   <li>the price of perpetuals elsewhere.
 * </ol>
 *
 * The mark is the first alone, or the median of three; EMA30s of the second stands in for the one
 * that is missing. What an average does not remember of its period counts as if there had been no
 * difference: as 0 for the first, as the first for EMA30s. So neither a book that has just appeared
 * nor perpetuals elsewhere decide alone, and without a book the mark returns to the oracle. It is
 * rounded half even to the market's tick, so that mark x size is whole micro-dollars.
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

    /**
     * Takes one look at the book into the averages; one speaks for the market's staleness limit at
     * most.
     */
    public void sample(Market market, Price oracle, @Nullable BookInput input, long nowMillis) {
        if (input != null && isTelling(market, input)) {
            long mostMillis = market.stalenessMillis();
            basis.add(input.midUnits() - oracle.units(), mostMillis, nowMillis);
            book.add(input.median().units(), mostMillis, nowMillis);
        } else {
            basis.pass(nowMillis);
            book.pass(nowMillis);
        }
    }

    /**
     * The mark as the inputs stand.
     *
     * @param elsewhere the price of perpetuals at other venues, if any
     */
    public Price mark(
            Market market, Price oracle, @Nullable BookInput input, @Nullable Price elsewhere) {
        Price first = new Price(Math.max(1, oracle.units() + basis.unitsOr(0)));
        Price second = input != null && isTelling(market, input) ? input.median() : null;
        if (second == null && elsewhere == null) {
            return onTick(first, market.tick());
        }
        Price smooth = new Price(Math.max(1, book.unitsOr(first.units())));
        return onTick(
                Median.of(
                        first,
                        second == null ? smooth : second,
                        elsewhere == null ? smooth : elsewhere),
                market.tick());
    }

    private static boolean isTelling(Market market, BookInput input) {
        if (input.bestAsk().units() > MovingAverage.MOST_UNITS) {
            return false;
        }
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
