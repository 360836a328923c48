package io.perpetua.marketdata.domain.candle;

/**
 * How long history is kept.
 *
 * @param tickDays published prices one by one; more than 0
 * @param minuteDays candles of a minute; 0 for ever, as all longer ones are
 */
public record Retention(int tickDays, int minuteDays) {
    /** Refuses to keep prices for no time. */
    public Retention {
        if (tickDays < 1 || minuteDays < 0) {
            throw new IllegalArgumentException(
                    "prices are kept for a day or more, minutes for 0 days (for ever) or more");
        }
    }

    /** Prices before this are not kept. */
    public long ticksFromMillis(long nowMillis) {
        return nowMillis - tickDays * Frame.DAY.millis();
    }

    /** Minutes before this are not kept. */
    public long minutesFromMillis(long nowMillis) {
        return minuteDays == 0 ? Long.MIN_VALUE : nowMillis - minuteDays * Frame.DAY.millis();
    }
}
