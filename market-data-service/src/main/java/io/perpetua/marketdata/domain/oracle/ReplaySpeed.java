package io.perpetua.marketdata.domain.oracle;

import java.math.BigDecimal;

/**
 * How fast bars are played.
 *
 * @param microBarsPerSecond in millionths of a bar a second; at most a hundred bars
 */
public record ReplaySpeed(long microBarsPerSecond) {
    private static final int SCALE = 6;
    private static final long FASTEST = 100_000_000;

    /** Refuses what would stand still or only skip. */
    public ReplaySpeed {
        if (microBarsPerSecond <= 0 || microBarsPerSecond > FASTEST) {
            throw new IllegalArgumentException("a speed is above 0 and at most 100 bars a second");
        }
    }

    /** From a plain decimal number of bars a second, such as {@code 0.5}. */
    public static ReplaySpeed parse(String text) {
        if (!text.matches("[0-9]{1,3}([.][0-9]{1,6})?")) {
            throw new IllegalArgumentException(
                    "a speed is a decimal of at most 6 decimals, above 0 and at most 100");
        }
        return new ReplaySpeed(new BigDecimal(text).movePointRight(SCALE).longValueExact());
    }

    /** The shortest plain decimal. */
    @Override
    public String toString() {
        return BigDecimal.valueOf(microBarsPerSecond, SCALE).stripTrailingZeros().toPlainString();
    }
}
