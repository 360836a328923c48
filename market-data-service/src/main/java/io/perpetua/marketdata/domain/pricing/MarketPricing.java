package io.perpetua.marketdata.domain.pricing;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.marketdata.domain.mark.BookInput;
import io.perpetua.marketdata.domain.mark.MarkPricer;
import io.perpetua.marketdata.domain.oracle.BarReplay;
import io.perpetua.marketdata.domain.oracle.OracleFeed;
import io.perpetua.marketdata.domain.oracle.OracleGuard;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import io.perpetua.marketdata.domain.oracle.OracleVerdict;
import io.perpetua.marketdata.domain.oracle.SimulatedMarkets;
import io.perpetua.marketdata.domain.oracle.SimulatedWalk;
import org.jspecify.annotations.Nullable;

/**
 * The prices of one market: recorded bars while any are queued, the simulated walk otherwise, each
 * going on where the other stopped; then the guard; then the mark. Without a believed sample
 * nothing is published, and readers see the last prices grow stale. The sequence rises by one with
 * each update that is published.
 */
public final class MarketPricing {
    private final Market market;
    private final @Nullable SimulatedWalk walk;
    private final OracleGuard guard;
    private final MarkPricer pricer;
    private BarReplay replay;
    private long sequence;
    private @Nullable Price oracle;

    private MarketPricing(
            Market market,
            @Nullable SimulatedWalk walk,
            MarkPricer pricer,
            BarReplay replay,
            long sequence,
            @Nullable Price oracle) {
        this.market = market;
        this.walk = walk;
        this.guard = new OracleGuard(oracle);
        this.pricer = pricer;
        this.replay = replay;
        this.sequence = sequence;
        this.oracle = oracle;
    }

    /** A market that never had a price. */
    public static MarketPricing first(Market market, long seed) {
        return new MarketPricing(
                market,
                SimulatedMarkets.walk(seed, market),
                new MarkPricer(MarkPricer.State.EMPTY),
                new BarReplay(0),
                0,
                null);
    }

    /** A market as {@link #state} left it, perhaps in a newer version. */
    public static MarketPricing restored(Market market, long seed, State state) {
        return new MarketPricing(
                market,
                SimulatedMarkets.walk(seed, market, state.oracle(), state.walkStep()),
                new MarkPricer(state.marks()),
                new BarReplay(state.barPassedMicros()),
                state.sequence(),
                state.oracle());
    }

    /** The same prices by the rules of a newer version of the market. */
    public MarketPricing under(Market newer, long seed) {
        State state = state();
        if (state == null) {
            return first(newer, seed);
        }
        MarketPricing next = restored(newer, seed, state);
        next.replay = replay;
        return next;
    }

    /** The next update, with the newest top of the book where there is one. */
    public PriceUpdate update(@Nullable BookTop top, long nowMillis) {
        OracleSample sample = sample(nowMillis);
        if (sample == null) {
            return new PriceUpdate.Unsampled();
        }
        return switch (guard.judge(market, sample, nowMillis)) {
            case OracleVerdict.Rejected rejected -> new PriceUpdate.Withheld(rejected.reason());
            case OracleVerdict.Believed believed -> priced(believed, sample, top, nowMillis);
        };
    }

    private @Nullable OracleSample sample(long nowMillis) {
        OracleSample replayed = replay.sample(nowMillis);
        if (replayed != null) {
            if (walk != null) {
                walk.moveTo(new Price(replayed.priceUnits()));
            }
            return replayed;
        }
        OracleFeed fallback = walk;
        return fallback == null ? null : fallback.sample(nowMillis);
    }

    private PriceUpdate priced(
            OracleVerdict.Believed believed,
            OracleSample sample,
            @Nullable BookTop top,
            long nowMillis) {
        Price price = believed.price();
        oracle = price;
        sequence++;
        Price mark = pricer.mark(market, price, fresh(top, nowMillis), nowMillis);
        return new PriceUpdate.Priced(
                new OraclePrice(
                        market.id(),
                        sequence,
                        price,
                        new Quantity(believed.confidenceUnits()),
                        sample.source(),
                        sample.publishedAtMillis()),
                new MarkPrice(market.id(), sequence, mark, price, nowMillis));
    }

    private @Nullable BookInput fresh(@Nullable BookTop top, long nowMillis) {
        if (top == null || nowMillis - top.atMillis() > market.stalenessMillis()) {
            return null;
        }
        Price bid = top.bestBid();
        Price ask = top.bestAsk();
        return bid == null || ask == null ? null : new BookInput(bid, ask, top.last());
    }

    /** Which market, in which version. */
    public Market market() {
        return market;
    }

    /** The bars queued. */
    public BarReplay replay() {
        return replay;
    }

    /** Drops the bars queued; the walk goes on from the last price. */
    public void endReplay() {
        replay = new BarReplay(0);
    }

    /** What a restart needs, or null before the first price. */
    public @Nullable State state() {
        Price price = oracle;
        if (price == null) {
            return null;
        }
        return new State(
                market.id(),
                sequence,
                price,
                walk == null ? 0 : walk.step(),
                replay.passedMicros(),
                pricer.state());
    }

    /** Where the prices of a market stand. */
    public record State(
            MarketId market,
            long sequence,
            Price oracle,
            long walkStep,
            long barPassedMicros,
            MarkPricer.State marks) {}
}
