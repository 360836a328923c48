package io.perpetua.marketdata.app;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.Shard;
import io.perpetua.marketdata.domain.pricing.MarketPricing;
import io.perpetua.marketdata.domain.pricing.PriceUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The prices of the markets of one shard. It has no input but time: each update interval every
 * market gets its next price, and at the end of its interval its funding rate. Owning the shard is
 * what makes a process the publisher of its prices.
 */
public final class PriceShard implements Shard {
    /** Ticks come about this often; half of it early is not too early. */
    private static final long TICK_MILLIS = 100;

    private final int index;
    private final long updateIntervalMillis;
    private final BookTops tops;
    private final TreeMap<MarketId, MarketPricing> markets = new TreeMap<>();
    private final Map<MarketId, Long> replayGenerations = new HashMap<>();
    private final List<PriceUpdate.Priced> unpublished = new ArrayList<>();
    private final List<FundingRateSet> unstored = new ArrayList<>();
    private final OracleCounter counter;
    private long dueMillis;
    private long tickedMillis;
    private long refreshedMillis;
    private boolean changed;

    PriceShard(int index, long updateIntervalMillis, BookTops tops, OracleCounter counter) {
        this.index = index;
        this.updateIntervalMillis = updateIntervalMillis;
        this.tops = tops;
        this.counter = counter;
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
        changed = nowMillis + TICK_MILLIS / 2 >= dueMillis;
        if (!changed) {
            return;
        }
        dueMillis =
                Math.max(dueMillis + updateIntervalMillis, nowMillis + updateIntervalMillis / 2);
        for (Map.Entry<MarketId, MarketPricing> entry : markets.entrySet()) {
            PriceUpdate update = entry.getValue().update(tops.of(entry.getKey()), nowMillis);
            counter.count(entry.getValue().market(), update);
            if (update instanceof PriceUpdate.Priced priced) {
                unpublished.add(priced);
                FundingRateSet rate = priced.funding();
                if (rate != null) {
                    unstored.add(rate);
                    out.emit(record(rate));
                }
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

    /** Whether a second has passed since this last said so. */
    boolean isRefreshDue() {
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
