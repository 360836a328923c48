package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A price in US dollars of one unit of the base asset; always positive.
 *
 * @param units the amount in units of 1e-8
 */
public record Price(long units) implements Comparable<Price> {
    /** Decimals after the point: one unit is 1e-8. */
    public static final int SCALE = 8;

    /** A price is {@code units x 10^EXPONENT}. */
    public static final int EXPONENT = -SCALE;

    /** Refuses what is not positive: there is no price of zero. */
    public Price {
        if (units <= 0) {
            throw new IllegalArgumentException("must be positive");
        }
    }

    /** From a plain decimal such as {@code 12.5}. @throws IllegalArgumentException if it is none */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Price parse(String text) {
        return new Price(Decimals.parse(text, SCALE));
    }

    @Override
    public int compareTo(Price other) {
        return Long.compare(units, other.units);
    }

    /** The shortest plain decimal. */
    @JsonValue
    @Override
    public String toString() {
        return Decimals.format(units, SCALE);
    }
}
