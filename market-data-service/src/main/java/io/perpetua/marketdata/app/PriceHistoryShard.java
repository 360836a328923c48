package io.perpetua.marketdata.app;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Shard;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.domain.candle.TickSequences;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The published prices of the markets of one shard, a batch at a time. A price whose sequence is
 * not above the newest one known is a repeat, or of an owner that lost its shard, and is passed
 * over; one that is not valid is kept, and stays out of candles.
 */
public final class PriceHistoryShard implements Shard {
    private final int index;
    private final TreeMap<MarketId, TickSequences> sequences = new TreeMap<>();
    private Batch batch = new Batch();

    /** What came since the last flush. */
    static final class Batch {
        private final List<OraclePrice> oracle = new ArrayList<>();
        private final List<MarkPrice> mark = new ArrayList<>();
        private final TreeMap<MarketId, CandleFold> candles = new TreeMap<>();
        private final TreeMap<MarketId, TickSequences> changed = new TreeMap<>();

        List<OraclePrice> oracle() {
            return oracle;
        }

        List<MarkPrice> mark() {
            return mark;
        }

        Collection<CandleFold> candles() {
            return candles.values();
        }

        Collection<TickSequences> changed() {
            return changed.values();
        }
    }

    PriceHistoryShard(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    void restore(TickSequences known) {
        sequences.put(known.market(), known);
    }

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        if (record.topic().equals(Topics.ORACLE_PRICES.name())) {
            add(EventCodec.decode(OraclePrice.class, record.value()));
        } else {
            add(EventCodec.decode(MarkPrice.class, record.value()));
        }
    }

    private void add(OraclePrice price) {
        TickSequences known = known(price.market());
        if (price.sequence() > known.oracle()) {
            put(known.withOracle(price.sequence()));
            batch.oracle.add(price);
            if (price.fault() == null) {
                batch.candles
                        .computeIfAbsent(
                                price.market(), market -> new CandleFold(market, Series.ORACLE))
                        .add(Candle.of(price.publishedAtMillis(), price.price()));
            }
        }
    }

    private void add(MarkPrice price) {
        TickSequences known = known(price.market());
        if (price.sequence() > known.mark()) {
            put(known.withMark(price.sequence()));
            batch.mark.add(price);
        }
    }

    private TickSequences known(MarketId market) {
        return sequences.getOrDefault(market, TickSequences.none(market));
    }

    private void put(TickSequences state) {
        sequences.put(state.market(), state);
        batch.changed.put(state.market(), state);
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        // A price that can't be read is in the dead letters; the next one is a fraction of a
        // second away.
    }

    /** Hands over what came since this was last called. */
    Batch takeBatch() {
        Batch taken = batch;
        batch = new Batch();
        return taken;
    }

    @Override
    public long stateHash() {
        return sequences.hashCode();
    }
}
