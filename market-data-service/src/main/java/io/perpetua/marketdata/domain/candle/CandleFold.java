package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.MarketId;
import java.util.Collection;
import java.util.TreeMap;

/**
 * Candles of one market and series, folded from what came in one batch, in the order of its stream.
 * The longer frames are the fold of the minutes.
 */
public final class CandleFold {
    private final MarketId market;
    private final Series series;
    private final TreeMap<Long, Candle> minutes = new TreeMap<>();

    /** Of nothing yet. */
    public CandleFold(MarketId market, Series series) {
        this.market = market;
        this.series = series;
    }

    /** Adds what comes next in the stream: a minute, or a part of one. */
    public void add(Candle part) {
        minutes.merge(part.openMillis(), part, Candle::followedBy);
    }

    /** Whose. */
    public MarketId market() {
        return market;
    }

    /** Of what. */
    public Series series() {
        return series;
    }

    /** The frames touched, ascending, with what this batch adds to each. */
    public Collection<Candle> candles(Frame frame) {
        return frame == Frame.MINUTE ? minutes.values() : fold(minutes.values(), frame);
    }

    /** The frames that candles of a shorter frame, ascending, make up; ascending. */
    public static Collection<Candle> fold(Collection<Candle> shorter, Frame frame) {
        TreeMap<Long, Candle> longer = new TreeMap<>();
        for (Candle candle : shorter) {
            Candle part = candle.in(frame);
            longer.merge(part.openMillis(), part, Candle::followedBy);
        }
        return longer.values();
    }
}
