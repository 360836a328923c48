package io.perpetua.marketdata.app;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Rate;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.Shard;
import io.perpetua.marketdata.domain.pricing.MarketPricing;
import io.perpetua.marketdata.domain.pricing.PriceUpdate;
import io.perpetua.marketdata.domain.pricing.PromptBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The prices of the markets of one shard. It has no input but time and what the sources have said:
 * each update interval every market gets its next price, and at the end of its funding interval its
 * rate; in between, what can't wait is published at once, within the market's budget. Where the
 * markets stand is saved once a second. Prices that sources outside have made are published without
 * waiting for that, once a commit that lasts knows of the market: whoever loads the shard next
 * leaves out {@link #RESERVED} sequences, so that none is issued twice. Those of recorded bars and
 * of the simulated walk follow their commit, so that no bar is played twice, and so does a price
 * with a funding rate. Owning the shard is what makes a process the publisher of its prices.
 */
public final class PriceShard implements Shard {
    /** Ticks come about this often; half of it early is not too early. */
    private static final long TICK_MILLIS = 100;

    private static final long NANOS_PER_MILLIONTH = 1_000;

    /** How many sequences of a market may be issued that no lasting commit knows of. */
    static final long RESERVED = 10_000;

    /** Between two commits, the last of which a crash of the database may take back. */
    private static final int LONGEST_UNCOMMITTED = 1_000;

    /** How often it is saved where the markets stand, and read what was decided about them. */
    private static final long SAVE_MILLIS = 1_000;

    private final int index;
    private final long updateIntervalMillis;
    private final Rate promptMove;
    private final int promptPerSecond;
    private final BookTops tops;
    private final TreeMap<MarketId, MarketPricing> markets = new TreeMap<>();
    private final Map<MarketId, PromptBudget> prompt = new HashMap<>();
    private final Map<MarketId, Long> replayGenerations = new HashMap<>();
    private final List<Publication> unpublished = new ArrayList<>();
    private final List<FundingRateSet> unstored = new ArrayList<>();
    private final OracleCounter counter;
    private final NewsTimes news;
    private final Consumer<Publication> publisher;
    private final Set<MarketId> lasting = new HashSet<>();
    private long heardAtNanos;
    private int uncommitted;
    private long dueMillis;
    private long tickedMillis;
    private long refreshedSecond;
    private long savedSecond;
    private boolean changed;

    /**
     * Prices to be published.
     *
     * @param heardAtNanos when the oldest news was received that they were made of, or {@link
     *     NewsTimes#NONE} if nothing was
     */
    record Publication(PriceUpdate.Priced prices, long heardAtNanos) {}

    PriceShard(
            int index,
            MarketDataConfig config,
            BookTops tops,
            OracleCounter counter,
            NewsTimes news,
            Consumer<Publication> publisher) {
        this.index = index;
        updateIntervalMillis = config.updateIntervalMillis();
        promptMove = new Rate(config.promptMovePpm() * NANOS_PER_MILLIONTH);
        promptPerSecond = config.promptPerSecond();
        this.tops = tops;
        this.counter = counter;
        this.news = news;
        this.publisher = publisher;
    }

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        throw new IllegalStateException("prices have no input");
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        throw new IllegalStateException("prices have no input");
    }

    @Override
    public void tick(long nowMillis, Emitter out) {
        tickedMillis = nowMillis;
        heardAtNanos = news.take(index);
        // No update is due further ahead, unless the clock was set back: then the last one was now.
        dueMillis = Math.min(dueMillis, nowMillis + updateIntervalMillis + TICK_MILLIS / 2);
        boolean isDue = nowMillis + TICK_MILLIS / 2 >= dueMillis;
        if (isDue) {
            dueMillis =
                    Math.max(
                            dueMillis + updateIntervalMillis, nowMillis + updateIntervalMillis / 2);
        }
        for (MarketPricing market : markets.values()) {
            if (isDue) {
                long sinceNanos = market.hasNews(nowMillis) ? heardAtNanos : NewsTimes.NONE;
                boolean waits = !mayPrecedeItsCommit(market) || !market.isFromOutside();
                take(market, market.update(top(market), nowMillis), sinceNanos, waits, out);
            } else if (promptPerSecond > 0 && mayPrecedeItsCommit(market)) {
                glance(market, nowMillis, out);
            }
        }
        // By the clock's seconds, so that all shards of a worker share the commit.
        long second = Math.floorDiv(nowMillis, SAVE_MILLIS);
        changed = second != savedSecond || !unpublished.isEmpty() || !unstored.isEmpty();
        savedSecond = second;
    }

    private boolean mayPrecedeItsCommit(MarketPricing market) {
        return lasting.contains(market.market().id()) && uncommitted < LONGEST_UNCOMMITTED;
    }

    private void glance(MarketPricing market, long nowMillis, Emitter out) {
        PromptBudget budget =
                prompt.computeIfAbsent(
                        market.market().id(), first -> new PromptBudget(promptPerSecond));
        if (budget.allows(nowMillis)) {
            PriceUpdate update = market.glance(top(market), promptMove, nowMillis);
            if (update instanceof PriceUpdate.Priced priced) {
                budget.take(nowMillis);
                take(market, priced, heardAtNanos, false, out);
            }
        }
    }

    private @Nullable BookTop top(MarketPricing market) {
        return tops.of(market.market().id());
    }

    /** A price that a rate came with waits for the commit that numbers the rate. */
    private void take(
            MarketPricing market, PriceUpdate update, long sinceNanos, boolean waits, Emitter out) {
        counter.count(market.market(), update);
        if (update instanceof PriceUpdate.Priced priced) {
            Publication publication = new Publication(priced, sinceNanos);
            FundingRateSet rate = priced.funding();
            if (rate != null) {
                unstored.add(rate);
                out.emit(record(rate));
            }
            if (waits || rate != null) {
                unpublished.add(publication);
            } else {
                uncommitted++;
                publisher.accept(publication);
            }
        }
    }

    private static Outgoing record(FundingRateSet rate) {
        return new Outgoing(
                Topics.FUNDING_RATES.name(),
                Partitions.of(rate.market()),
                rate.market().toString(),
                EventCodec.encode(FundingRateSet.class, rate),
                null);
    }

    @Override
    public boolean changedByTick() {
        return changed;
    }

    /** Hands over what the last updates brought, once it is committed. */
    List<Publication> takeUnpublished() {
        List<Publication> taken = List.copyOf(unpublished);
        unpublished.clear();
        return taken;
    }

    /** Where the markets stand that ever had a price; they count as stored from here on. */
    List<MarketPricing.State> takeStates() {
        uncommitted = 0;
        return markets.values().stream()
                .map(MarketPricing::state)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Whether a market has a price that no lasting commit since the shard was loaded knows of: a
     * second load would begin where the first one did.
     */
    boolean mustLast() {
        return markets.values().stream()
                .anyMatch(
                        market ->
                                market.state() != null && !lasting.contains(market.market().id()));
    }

    /** The states taken last are in a commit that lasts. */
    void last() {
        markets.forEach(
                (id, market) -> {
                    if (market.state() != null) {
                        lasting.add(id);
                    }
                });
    }

    /** Hands over the funding rates set since the last call; they count as stored from here on. */
    List<FundingRateSet> takeRates() {
        List<FundingRateSet> taken = List.copyOf(unstored);
        unstored.clear();
        return taken;
    }

    int index() {
        return index;
    }

    SortedMap<MarketId, MarketPricing> markets() {
        return markets;
    }

    Map<MarketId, Long> replayGenerations() {
        return replayGenerations;
    }

    /** Whether this was not asked yet in the clock's second that was ticked last. */
    boolean isRefreshDue() {
        long second = Math.floorDiv(tickedMillis, SAVE_MILLIS);
        boolean due = second != refreshedSecond;
        refreshedSecond = second;
        return due;
    }

    @Override
    public long stateHash() {
        long hash = 1;
        for (MarketPricing market : markets.values()) {
            MarketPricing.State state = market.state();
            hash = 31 * hash + (state == null ? 0 : state.hashCode());
        }
        return hash;
    }
}
