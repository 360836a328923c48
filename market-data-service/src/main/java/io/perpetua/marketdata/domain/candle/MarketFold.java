package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.util.Collection;
import java.util.TreeMap;

/** One market's trades of one batch, folded in the order of the stream. */
public final class MarketFold {
    private final MarketId market;
    private final TreeMap<Long, Candle> candles = new TreeMap<>();
    private long trades;
    private long volumeUnits;
    private long volumeUsdMicros;
    private Quantity openInterest;
    private Price last;
    private long lastAtMillis;

    /** With its first trade. */
    public MarketFold(TradeExecuted first) {
        market = first.market();
        openInterest = first.openInterest();
        last = first.price();
        add(first);
    }

    /** Adds the next trade of the same market. */
    public void add(TradeExecuted trade) {
        if (!trade.market().equals(market)) {
            throw new IllegalArgumentException("a trade of another market");
        }
        Candle candle = Candle.of(trade);
        candles.merge(candle.openMillis(), candle, Candle::followedBy);
        trades++;
        volumeUnits = Math.addExact(volumeUnits, trade.size().abs().units());
        volumeUsdMicros = Math.addExact(volumeUsdMicros, trade.notional().abs().micros());
        openInterest = trade.openInterest();
        last = trade.price();
        lastAtMillis = trade.atMillis();
    }

    /** Whose. */
    public MarketId market() {
        return market;
    }

    /** The minutes touched, ascending, with what this batch adds to each. */
    public Collection<Candle> candles() {
        return candles.values();
    }

    /** How many trades. */
    public long trades() {
        return trades;
    }

    /** Their sizes' sum in units of 1e-8. */
    public long volumeUnits() {
        return volumeUnits;
    }

    /** Their notionals' sum in micro-dollars. */
    public long volumeUsdMicros() {
        return volumeUsdMicros;
    }

    /** The open interest after the last. */
    public Quantity openInterest() {
        return openInterest;
    }

    /** The price of the last. */
    public Price last() {
        return last;
    }

    /** When the last was. */
    public long lastAtMillis() {
        return lastAtMillis;
    }
}
