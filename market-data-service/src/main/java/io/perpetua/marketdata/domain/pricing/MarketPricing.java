package io.perpetua.marketdata.domain.pricing;

import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.marketdata.SourcePrice;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.marketdata.domain.funding.FundingClock;
import io.perpetua.marketdata.domain.funding.FundingOverride;
import io.perpetua.marketdata.domain.mark.BookInput;
import io.perpetua.marketdata.domain.mark.MarkPricer;
import io.perpetua.marketdata.domain.oracle.BarReplay;
import io.perpetua.marketdata.domain.oracle.OracleGuard;
import io.perpetua.marketdata.domain.oracle.OracleIndex;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import io.perpetua.marketdata.domain.oracle.OracleSource;
import io.perpetua.marketdata.domain.oracle.OracleTwaps;
import io.perpetua.marketdata.domain.oracle.OracleVerdict;
import io.perpetua.marketdata.domain.oracle.Shares;
import io.perpetua.marketdata.domain.oracle.SimulatedWalk;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The prices of one market: recorded bars while any are queued, otherwise what its sources say or
 * the simulated walk, each going on where the other stopped; then the guard; then the mark and the
 * funding. An index that is not valid is published with its fault and, where the fault is not
 * tolerated, the last valid price, whose mark grows stale. The sequence rises by one with each
 * update that is published. Between two updates one may {@link #glance} at the news, and publish
 * what matters at once.
 */
public final class MarketPricing {
    /** How old a trade may be to be an input of the mark. */
    private static final long LAST_TRADE_MILLIS = 30_000;

    private final Market market;
    private final MarketSources sources;
    private final List<OracleSource> outside;
    private final @Nullable OracleSample[] heard;
    private final @Nullable SimulatedWalk walk;
    private final OracleGuard guard;
    private final OracleTwaps twaps;
    private final MarkPricer pricer;
    private final FundingClock funding;
    private BarReplay replay;
    private long sequence;
    private @Nullable Price oracle;
    private @Nullable OracleSample valid;
    private @Nullable MarkPrice newest;
    private @Nullable PriceFault fault;
    private @Nullable FundingOverride override;

    private MarketPricing(Market market, MarketSources sources, @Nullable State state) {
        this.market = market;
        this.sources = sources;
        outside = Stream.concat(sources.index().stream(), sources.perps().stream()).toList();
        heard = new @Nullable OracleSample[outside.size()];
        walk = sources.walk(market, state);
        guard = new OracleGuard(state == null ? null : state.oracle());
        twaps = new OracleTwaps(state == null ? OracleTwaps.State.EMPTY : state.twaps());
        pricer = new MarkPricer(state == null ? MarkPricer.State.EMPTY : state.marks());
        funding = new FundingClock(state == null ? FundingClock.State.EMPTY : state.funding());
        replay = new BarReplay(state == null ? 0 : state.barPassedMicros());
        sequence = state == null ? 0 : state.sequence();
        oracle = state == null ? null : state.oracle();
    }

    /** A market that never had a price. */
    public static MarketPricing first(Market market, MarketSources sources) {
        return new MarketPricing(market, sources, null);
    }

    /** A market as {@link #state} left it, perhaps in a newer version. */
    public static MarketPricing restored(Market market, MarketSources sources, State state) {
        return new MarketPricing(market, sources, state);
    }

    /** The same prices by the rules of a newer version of the market. */
    public MarketPricing under(Market newer, MarketSources newerSources) {
        MarketPricing next = new MarketPricing(newer, newerSources, state());
        next.replay = replay;
        next.valid = valid;
        next.newest = newest;
        next.fault = fault;
        next.override = override;
        return next;
    }

    /** The next update, with the newest top of the book where there is one. */
    public PriceUpdate update(@Nullable BookTop top, long nowMillis) {
        return look(top, null, nowMillis);
    }

    /**
     * What sources outside have said since the last look, published if it is the first price, if it
     * changes what the price may be used for, if it ends a funding interval, or if index or mark
     * have moved by {@code leastMove} of what was published.
     */
    public PriceUpdate glance(@Nullable BookTop top, Rate leastMove, long nowMillis) {
        return hasNews(nowMillis)
                ? look(top, leastMove, nowMillis)
                : new PriceUpdate.Unremarkable();
    }

    /** Whether sources outside speak, rather than recorded bars or the simulated walk. */
    public boolean isFromOutside() {
        return walk == null && replay.size() == 0;
    }

    /** Whether sources outside have said something since the last look. */
    public boolean hasNews(long nowMillis) {
        if (!isFromOutside()) {
            return false;
        }
        for (int i = 0; i < outside.size(); i++) {
            if (!Objects.equals(outside.get(i).feed().sample(nowMillis), heard[i])) {
                return true;
            }
        }
        return false;
    }

    private void hear(long nowMillis) {
        for (int i = 0; i < outside.size(); i++) {
            heard[i] = outside.get(i).feed().sample(nowMillis);
        }
    }

    private PriceUpdate look(@Nullable BookTop top, @Nullable Rate leastMove, long nowMillis) {
        hear(nowMillis);
        OracleSource own = ownSource(nowMillis);
        OracleIndex index =
                OracleIndex.of(
                        own == null ? sources.index() : List.of(own), oracle, limit(), nowMillis);
        OracleSample sample = index.sample();
        if (sample == null) {
            return new PriceUpdate.Unsampled();
        }
        OracleVerdict verdict =
                guard.judge(
                        market,
                        sample,
                        index.agreeing(),
                        own == null ? sources.quorum() : 1,
                        twaps.hour(nowMillis));
        return switch (verdict) {
            case OracleVerdict.Believed believed ->
                    priced(
                            believed.index(),
                            index.sources(),
                            fresh(top, nowMillis),
                            leastMove,
                            nowMillis);
            case OracleVerdict.Tolerated tolerated ->
                    tolerated(
                            tolerated,
                            index.sources(),
                            fresh(top, nowMillis),
                            leastMove,
                            nowMillis);
            case OracleVerdict.Rejected rejected ->
                    rejected(rejected.fault(), index.sources(), leastMove, nowMillis);
        };
    }

    /** Takes the funding rate that an administrator wants from now on, or null for none. */
    public void order(@Nullable FundingOverride newest) {
        override = newest;
    }

    /** The bars or the walk, which speak alone; null where sources outside make the index. */
    private @Nullable OracleSource ownSource(long nowMillis) {
        OracleSample replayed = replay.sample(nowMillis);
        if (replayed != null) {
            return new OracleSource(BarReplay.SOURCE, 1, limit(), now -> replayed);
        }
        return walk == null ? null : new OracleSource(SimulatedWalk.SOURCE, 1, limit(), walk);
    }

    private long limit() {
        return market.stalenessMillis();
    }

    private PriceUpdate priced(
            OracleSample index,
            List<SourcePrice> said,
            @Nullable BookTop top,
            @Nullable Rate leastMove,
            long nowMillis) {
        Price price = new Price(index.priceUnits());
        BookInput book = book(top, nowMillis);
        oracle = price;
        valid = index;
        fault = null;
        if (walk != null) {
            walk.moveTo(price);
        }
        twaps.add(price, nowMillis);
        pricer.sample(market, price, book, nowMillis);
        Price mark = pricer.mark(market, price, book, elsewhere(price, nowMillis));
        FundingClock.Impact impact =
                top == null ? null : new FundingClock.Impact(top.impactBid(), top.impactAsk());
        FundingRateSet rate = funding.advance(market, price, mark, impact, override, nowMillis);
        return published(index, said, mark, nowMillis, rate, leastMove, nowMillis);
    }

    private PriceUpdate tolerated(
            OracleVerdict.Tolerated index,
            List<SourcePrice> said,
            @Nullable BookTop top,
            @Nullable Rate leastMove,
            long nowMillis) {
        Price price = new Price(index.index().priceUnits());
        fault = index.fault();
        Price mark = pricer.mark(market, price, book(top, nowMillis), elsewhere(price, nowMillis));
        return published(index.index(), said, mark, nowMillis, null, leastMove, nowMillis);
    }

    private PriceUpdate rejected(
            PriceFault why, List<SourcePrice> said, @Nullable Rate leastMove, long nowMillis) {
        fault = why;
        OracleSample last = valid;
        MarkPrice mark = newest;
        if (last == null || mark == null) {
            return new PriceUpdate.Withheld(why);
        }
        return published(last, said, mark.mark(), mark.atMillis(), null, leastMove, nowMillis);
    }

    private PriceUpdate published(
            OracleSample index,
            List<SourcePrice> said,
            Price mark,
            long markedAtMillis,
            @Nullable FundingRateSet rate,
            @Nullable Rate leastMove,
            long nowMillis) {
        Price price = new Price(index.priceUnits());
        if (leastMove != null && rate == null && isUnremarkable(price, mark, leastMove)) {
            return new PriceUpdate.Unremarkable();
        }
        sequence++;
        OraclePrice published =
                new OraclePrice(
                        market.id(),
                        sequence,
                        price,
                        new Quantity(index.confidenceUnits()),
                        index.source(),
                        index.publishedAtMillis(),
                        index.slot() == 0 ? null : index.slot(),
                        fault,
                        twaps.fiveMinutes(nowMillis),
                        twaps.hour(nowMillis),
                        said);
        MarkPrice marked =
                new MarkPrice(
                        market.id(),
                        sequence,
                        mark,
                        price,
                        markedAtMillis,
                        fault,
                        funding.predicted(market, override));
        newest = marked;
        return new PriceUpdate.Priced(published, marked, rate);
    }

    private boolean isUnremarkable(Price index, Price mark, Rate leastMove) {
        MarkPrice last = newest;
        return last != null
                && last.fault() == fault
                && !hasMoved(last.oracle(), index, leastMove)
                && !hasMoved(last.mark(), mark, leastMove);
    }

    private static boolean hasMoved(Price from, Price to, Rate least) {
        long distance = Math.absExact(to.units() - from.units());
        return distance > 0 && distance >= Shares.of(from, least);
    }

    private @Nullable BookTop fresh(@Nullable BookTop top, long nowMillis) {
        return top == null || !market.isRecent(top.atMillis(), nowMillis) ? null : top;
    }

    private static @Nullable BookInput book(@Nullable BookTop top, long nowMillis) {
        if (top == null) {
            return null;
        }
        Price bid = top.bestBid();
        Price ask = top.bestAsk();
        return bid == null || ask == null ? null : new BookInput(bid, ask, last(top, nowMillis));
    }

    private static @Nullable Price last(BookTop top, long nowMillis) {
        Long atMillis = top.lastAtMillis();
        return atMillis != null && Math.absExact(nowMillis - atMillis) <= LAST_TRADE_MILLIS
                ? top.last()
                : null;
    }

    /** The weighted median of perpetuals at other venues, or null when none is recent. */
    private @Nullable Price elsewhere(Price index, long nowMillis) {
        OracleIndex perps = OracleIndex.of(sources.perps(), index, limit(), nowMillis);
        OracleSample sample = perps.sample();
        return sample == null || perps.agreeing() == 0 ? null : new Price(sample.priceUnits());
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
                pricer.state(),
                twaps.state(),
                funding.state());
    }

    /** Where the prices of a market stand. */
    public record State(
            MarketId market,
            long sequence,
            Price oracle,
            long walkStep,
            long barPassedMicros,
            MarkPricer.State marks,
            OracleTwaps.State twaps,
            FundingClock.State funding) {
        /** The same, but for so many sequences that may have been issued since. */
        public State leavingOut(long sequences) {
            return new State(
                    market,
                    Math.addExact(sequence, sequences),
                    oracle,
                    walkStep,
                    barPassedMicros,
                    marks,
                    twaps,
                    funding);
        }
    }
}
