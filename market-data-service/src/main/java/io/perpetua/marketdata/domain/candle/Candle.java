package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;

/**
 * What traded in one market in one minute. Open is the first and close the last trade in the order
 * of the market's stream. An empty minute repeats the close before it, with nothing traded.
 *
 * @param openMillis when the minute began
 */
public record Candle(
        long openMillis,
        Price open,
        Price high,
        Price low,
        Price close,
        Quantity volume,
        Usd volumeUsd,
        long trades) {
    /** Its length. */
    public static final long MILLIS = 60_000;

    /** When the minute of {@code atMillis} began. */
    public static long openMillis(long atMillis) {
        return Math.floorDiv(atMillis, MILLIS) * MILLIS;
    }

    /** The minute of one trade, with nothing but it. */
    public static Candle of(TradeExecuted trade) {
        Price price = trade.price();
        return new Candle(
                openMillis(trade.atMillis()),
                price,
                price,
                price,
                price,
                trade.size().abs(),
                trade.notional().abs(),
                1);
    }

    /** The minute of no trade after one that closed at {@code close}. */
    public static Candle empty(long openMillis, Price close) {
        return new Candle(openMillis, close, close, close, close, Quantity.ZERO, Usd.ZERO, 0);
    }

    /** Both parts of one minute, {@code later} being the later in the stream. */
    public Candle followedBy(Candle later) {
        if (later.openMillis != openMillis) {
            throw new IllegalArgumentException("not the same minute");
        }
        return new Candle(
                openMillis,
                open,
                later.high.compareTo(high) > 0 ? later.high : high,
                later.low.compareTo(low) < 0 ? later.low : low,
                later.close,
                volume.plus(later.volume),
                volumeUsd.plus(later.volumeUsd),
                trades + later.trades);
    }
}
