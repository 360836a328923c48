package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;

/** One market's trades of one batch, folded in the order of the stream. */
public final class MarketFold {
    private final MarketId market;
    private final CandleFold candles;
    private final TreeMap<Long, Quantity> openInterestByDay = new TreeMap<>();
    private long trades;
    private BigInteger volumeUnits = BigInteger.ZERO;
    private BigInteger volumeUsdMicros = BigInteger.ZERO;
    private Quantity openInterest;
    private Price last;
    private long lastAtMillis;

    /** With its first trade. */
    public MarketFold(TradeExecuted first) {
        market = first.market();
        candles = new CandleFold(market, Series.TRADES);
        openInterest = first.openInterest();
        last = first.price();
        add(first);
    }

    /** Adds the next trade of the same market. */
    public void add(TradeExecuted trade) {
        if (!trade.market().equals(market)) {
            throw new IllegalArgumentException("a trade of another market");
        }
        candles.add(Candle.of(trade));
        openInterestByDay.put(Frame.DAY.begin(trade.atMillis()), trade.openInterest());
        trades++;
        volumeUnits = volumeUnits.add(BigInteger.valueOf(trade.size().abs().units()));
        volumeUsdMicros = volumeUsdMicros.add(BigInteger.valueOf(trade.notional().abs().micros()));
        openInterest = trade.openInterest();
        last = trade.price();
        lastAtMillis = trade.atMillis();
    }

    /** Whose. */
    public MarketId market() {
        return market;
    }

    /** What this batch adds to the candles. */
    public CandleFold candles() {
        return candles;
    }

    /** The open interest after the last trade of each day touched, by when the day began. */
    public SortedMap<Long, Quantity> openInterestByDay() {
        return openInterestByDay;
    }

    /** How many trades. */
    public long trades() {
        return trades;
    }

    /** Their sizes' sum in units of 1e-8. */
    public BigInteger volumeUnits() {
        return volumeUnits;
    }

    /** Their notionals' sum in micro-dollars. */
    public BigInteger volumeUsdMicros() {
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
