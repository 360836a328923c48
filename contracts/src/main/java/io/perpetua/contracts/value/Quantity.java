package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A signed size in units of the base asset; positive is long or bought.
 *
 * @param units the amount in units of 1e-8
 */
public record Quantity(long units) implements Comparable<Quantity> {
    /** Decimals after the point: one unit is 1e-8. */
    public static final int SCALE = 8;

    /** Zero. */
    public static final Quantity ZERO = new Quantity(0);

    /** From a plain decimal such as {@code 12.5}. @throws IllegalArgumentException if it is none */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Quantity parse(String text) {
        return new Quantity(Decimals.parse(text, SCALE));
    }

    /** The sum. @throws ArithmeticException on overflow */
    public Quantity plus(Quantity other) {
        return new Quantity(Math.addExact(units, other.units));
    }

    /** The difference. @throws ArithmeticException on overflow */
    public Quantity minus(Quantity other) {
        return new Quantity(Math.subtractExact(units, other.units));
    }

    /** The same amount with the other sign. */
    public Quantity negated() {
        return new Quantity(Math.negateExact(units));
    }

    /** Without its sign. */
    public Quantity abs() {
        return units < 0 ? negated() : this;
    }

    /** -1, 0 or 1. */
    public int signum() {
        return Long.signum(units);
    }

    @Override
    public int compareTo(Quantity other) {
        return Long.compare(units, other.units);
    }

    /** The shortest plain decimal. */
    @JsonValue
    @Override
    public String toString() {
        return Decimals.format(units, SCALE);
    }
}
