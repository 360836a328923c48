package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.mark.MovingAverage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * One bar of recorded prices; low is at most open and close, high at least, and what averages can
 * carry at most.
 *
 * @param volume in US dollars, not negative
 */
public record Bar(long atMillis, Price open, Price high, Price low, Price close, Usd volume) {
    private static final int QUARTER_MICROS = 250_000;
    private static final String RECORDED_VOLUME = "[0-9]{1,9}([.][0-9]{1,20})?";

    /** Refuses what no market can have done. */
    public Bar {
        if (low.compareTo(open) > 0
                || low.compareTo(close) > 0
                || high.compareTo(open) < 0
                || high.compareTo(close) < 0) {
            throw new IllegalArgumentException("low <= open, close <= high does not hold");
        }
        recordable(high);
        if (volume.signum() < 0) {
            throw new IllegalArgumentException("volume is negative");
        }
    }

    /**
     * The price, if averages can carry it.
     *
     * @throws IllegalArgumentException when it is too large
     */
    public static Price recordable(Price price) {
        if (price.units() > MovingAverage.MOST_UNITS) {
            throw new IllegalArgumentException("a price is at most 46 million dollars");
        }
        return price;
    }

    /**
     * A recorded volume in US dollars, rounded half even to micros: recorders write as many
     * decimals as they like.
     *
     * @throws IllegalArgumentException when it is no plain decimal, negative or too large
     */
    public static Usd volume(String text) {
        if (!text.matches(RECORDED_VOLUME)) {
            throw new IllegalArgumentException(
                    "a volume is a plain decimal of up to 9 digits and 20 decimals");
        }
        return new Usd(
                new BigDecimal(text)
                        .movePointRight(Usd.SCALE)
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .longValueExact());
    }

    /**
     * The price when {@code micros} millionths of the bar have passed: the open at 0, the extremes
     * at one and two quarters (a rising bar goes low first, a falling one high first), the close
     * from three quarters on, straight lines between; rounded down to price units.
     */
    public Price at(int micros) {
        boolean rising = close.compareTo(open) >= 0;
        Price first = rising ? low : high;
        Price second = rising ? high : low;
        int into = micros % QUARTER_MICROS;
        return switch (micros / QUARTER_MICROS) {
            case 0 -> between(open, first, into);
            case 1 -> between(first, second, into);
            case 2 -> between(second, close, into);
            default -> close;
        };
    }

    private static Price between(Price from, Price to, int intoQuarterMicros) {
        long way = to.units() - from.units();
        return new Price(
                from.units()
                        + Amounts.multiplyDivide(
                                way, intoQuarterMicros, QUARTER_MICROS, RoundingMode.FLOOR));
    }
}
