package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.oracle.Bar;

/**
 * What happened to one market's price in one frame. Open is the first and close the last in time;
 * of equal times, in the order of the stream. An empty frame repeats the close before it and adds
 * nothing to the longer frame it lies in, which is made of trades, not of repetitions.
 *
 * @param openMillis when the frame began
 * @param openedMillis the time of what it opened with
 * @param closedMillis the time of what it closed with
 * @param trades how many trades, oracle prices or imported minutes it is made of
 */
public record Candle(
        long openMillis,
        long openedMillis,
        long closedMillis,
        Price open,
        Price high,
        Price low,
        Price close,
        Quantity volume,
        Usd volumeUsd,
        long trades) {
    /** The minute of one trade, with nothing but it. */
    public static Candle of(TradeExecuted trade) {
        return of(trade.atMillis(), trade.price(), trade.size().abs(), trade.notional().abs());
    }

    /** The minute of one price at which nothing was traded. */
    public static Candle of(long atMillis, Price price) {
        return of(atMillis, price, Quantity.ZERO, Usd.ZERO);
    }

    private static Candle of(long atMillis, Price price, Quantity volume, Usd volumeUsd) {
        return new Candle(
                Frame.MINUTE.begin(atMillis),
                atMillis,
                atMillis,
                price,
                price,
                price,
                price,
                volume,
                volumeUsd,
                1);
    }

    /** The minute of a recorded bar, which has a volume in US dollars alone. */
    public static Candle of(Bar bar) {
        return new Candle(
                bar.atMillis(),
                bar.atMillis(),
                bar.atMillis(),
                bar.open(),
                bar.high(),
                bar.low(),
                bar.close(),
                Quantity.ZERO,
                bar.volume(),
                1);
    }

    /** The frame of nothing after one that closed at {@code close}. */
    public static Candle empty(long openMillis, Price close) {
        return new Candle(
                openMillis,
                openMillis,
                openMillis,
                close,
                close,
                close,
                close,
                Quantity.ZERO,
                Usd.ZERO,
                0);
    }

    /** Whether nothing happened in it. */
    public boolean isEmpty() {
        return trades == 0;
    }

    /** As a part of the longer frame it lies in. */
    public Candle in(Frame frame) {
        return new Candle(
                frame.begin(openMillis),
                openedMillis,
                closedMillis,
                open,
                high,
                low,
                close,
                volume,
                volumeUsd,
                trades);
    }

    /**
     * Both parts of one frame, {@code other} being the later in the stream. Whatever the parts, the
     * sum of all is the same, as long as their order in the stream is kept.
     */
    public Candle followedBy(Candle other) {
        if (other.openMillis != openMillis) {
            throw new IllegalArgumentException("not the same frame");
        }
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        boolean opensBefore = other.openedMillis < openedMillis;
        boolean closesAfter = other.closedMillis >= closedMillis;
        return new Candle(
                openMillis,
                opensBefore ? other.openedMillis : openedMillis,
                closesAfter ? other.closedMillis : closedMillis,
                opensBefore ? other.open : open,
                other.high.compareTo(high) > 0 ? other.high : high,
                other.low.compareTo(low) < 0 ? other.low : low,
                closesAfter ? other.close : close,
                Volumes.sum(volume, other.volume),
                Volumes.sum(volumeUsd, other.volumeUsd),
                trades + other.trades);
    }
}
