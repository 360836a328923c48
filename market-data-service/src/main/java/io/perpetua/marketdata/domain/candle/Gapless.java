package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.Price;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills the minutes in which nothing traded. */
public final class Gapless {
    private Gapless() {}

    /**
     * One candle for each minute from {@code fromMillis} to before {@code toMillis} (both begin a
     * minute), ascending; none before the market's first trade.
     *
     * @param traded the minutes that had trades within the range, ascending
     * @param closeBefore the last price before the range, or null when nothing had traded
     */
    public static List<Candle> fill(
            List<Candle> traded, @Nullable Price closeBefore, long fromMillis, long toMillis) {
        List<Candle> all = new ArrayList<>();
        Price close = closeBefore;
        int next = 0;
        for (long minute = fromMillis; minute < toMillis; minute += Candle.MILLIS) {
            if (next < traded.size() && traded.get(next).openMillis() == minute) {
                Candle candle = traded.get(next++);
                all.add(candle);
                close = candle.close();
            } else if (close != null) {
                all.add(Candle.empty(minute, close));
            }
        }
        return all;
    }
}
