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
 * rate; in between, what can't wait is published at once, within the market's budget and without a
 * commit, once a commit that lasts knows of the market. Whoever loads the shard next leaves out
 * {@link #RESERVED} sequences, so that none is issued twice. Owning the shard is what makes a
 * process the publisher of its prices.
 */
public final class PriceShard implements Shard {
    /** Ticks come about this often; half of it early is not too early. */
    private static final long TICK_MILLIS = 100;

    private static final long NANOS_PER_MILLIONTH = 1_000;

    /** How many sequences of a market may be issued that no lasting commit knows of. */
    static final long RESERVED = 10_000;

    /** Between two commits, the last of which a crash of the database may take back. */
    private static final int LONGEST_UNCOMMITTED = 1_000;

    private final int index;
    private final long updateIntervalMillis;
    private final Rate promptMove;
    private final int promptPerSecond;
    private final BookTops tops;
    private final TreeMap<MarketId, MarketPricing> markets = new TreeMap<>();
    private final Map<MarketId, PromptBudget> prompt = new HashMap<>();
    private final Map<MarketId, Long> replayGenerations = new HashMap<>();
    private final List<PriceUpdate.Priced> unpublished = new ArrayList<>();
    private final List<FundingRateSet> unstored = new ArrayList<>();
    private final OracleCounter counter;
    private final Consumer<PriceUpdate.Priced> publisher;
    private final Set<MarketId> lasting = new HashSet<>();
    private int uncommitted;
    private long dueMillis;
    private long tickedMillis;
    private long refreshedMillis;
    private boolean changed;

    PriceShard(
            int index,
            MarketDataConfig config,
            BookTops tops,
            OracleCounter counter,
            Consumer<PriceUpdate.Priced> publisher) {
        this.index = index;
        updateIntervalMillis = config.updateIntervalMillis();
        promptMove = new Rate(config.promptMovePpm() * NANOS_PER_MILLIONTH);
        promptPerSecond = config.promptPerSecond();
        this.tops = tops;
        this.counter = counter;
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
                take(market, market.update(top(market), nowMillis), out);
            } else if (promptPerSecond > 0 && uncommitted < LONGEST_UNCOMMITTED) {
                glance(market, nowMillis, out);
            }
        }
        changed = isDue || !unstored.isEmpty();
    }

    private void glance(MarketPricing market, long nowMillis, Emitter out) {
        PromptBudget budget =
                prompt.computeIfAbsent(
                        market.market().id(), first -> new PromptBudget(promptPerSecond));
        if (lasting.contains(market.market().id()) && budget.allows(nowMillis)) {
            PriceUpdate update = market.glance(top(market), promptMove, nowMillis);
            if (update instanceof PriceUpdate.Priced priced) {
                budget.take(nowMillis);
                if (priced.funding() != null) {
                    take(market, priced, out);
                } else {
                    uncommitted++;
                    counter.count(market.market(), priced);
                    publisher.accept(priced);
                }
            }
        }
    }

    private @Nullable BookTop top(MarketPricing market) {
        return tops.of(market.market().id());
    }

    private void take(MarketPricing market, PriceUpdate update, Emitter out) {
        counter.count(market.market(), update);
        if (update instanceof PriceUpdate.Priced priced) {
            unpublished.add(priced);
            FundingRateSet rate = priced.funding();
            if (rate != null) {
                unstored.add(rate);
                out.emit(record(rate));
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
    List<PriceUpdate.Priced> takeUnpublished() {
        List<PriceUpdate.Priced> taken = List.copyOf(unpublished);
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

    /** Whether a second has passed since this last said so, which was now if it is ahead of now. */
    boolean isRefreshDue() {
        refreshedMillis = Math.min(refreshedMillis, tickedMillis);
        boolean due = tickedMillis - refreshedMillis >= 1_000;
        if (due) {
            refreshedMillis = tickedMillis;
        }
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
