package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last 24 hours of one market, counted in whole minutes. Prices are those at which it traded;
 * without a trade in that time all four repeat the last price before it, and are null when there
 * never was one.
 */
public record RollingDay(
        @Nullable Price open,
        @Nullable Price high,
        @Nullable Price low,
        @Nullable Price close,
        Quantity volume,
        Usd volumeUsd,
        long trades) {
    /** Its length. */
    public static final long MILLIS = Frame.DAY.millis();

    /**
     * The fold of its minutes.
     *
     * @param traded the minutes with trades, ascending
     * @param closeBefore the last price before them, or null
     */
    public static RollingDay of(List<Candle> traded, @Nullable Price closeBefore) {
        if (traded.isEmpty()) {
            return new RollingDay(
                    closeBefore, closeBefore, closeBefore, closeBefore, Quantity.ZERO, Usd.ZERO, 0);
        }
        Price high = traded.getFirst().high();
        Price low = traded.getFirst().low();
        Quantity volume = Quantity.ZERO;
        Usd volumeUsd = Usd.ZERO;
        long trades = 0;
        for (Candle candle : traded) {
            high = candle.high().compareTo(high) > 0 ? candle.high() : high;
            low = candle.low().compareTo(low) < 0 ? candle.low() : low;
            volume = Volumes.sum(volume, candle.volume());
            volumeUsd = Volumes.sum(volumeUsd, candle.volumeUsd());
            trades += candle.trades();
        }
        return new RollingDay(
                traded.getFirst().open(),
                high,
                low,
                traded.getLast().close(),
                volume,
                volumeUsd,
                trades);
    }
}
