package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A signed ratio: a fee, margin or funding rate; 0.0005 is five basis points.
 *
 * @param nanos the amount in units of 1e-9
 */
public record Rate(long nanos) implements Comparable<Rate> {
    /** Decimals after the point: one unit is 1e-9. */
    public static final int SCALE = 9;

    /** Zero. */
    public static final Rate ZERO = new Rate(0);

    /** From a plain decimal such as {@code 12.5}. @throws IllegalArgumentException if it is none */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Rate parse(String text) {
        return new Rate(Decimals.parse(text, SCALE));
    }

    /** The sum. @throws ArithmeticException on overflow */
    public Rate plus(Rate other) {
        return new Rate(Math.addExact(nanos, other.nanos));
    }

    /** The difference. @throws ArithmeticException on overflow */
    public Rate minus(Rate other) {
        return new Rate(Math.subtractExact(nanos, other.nanos));
    }

    /** The same amount with the other sign. */
    public Rate negated() {
        return new Rate(Math.negateExact(nanos));
    }

    /** Without its sign. */
    public Rate abs() {
        return nanos < 0 ? negated() : this;
    }

    /** -1, 0 or 1. */
    public int signum() {
        return Long.signum(nanos);
    }

    /** Basis points of 1e-4. */
    public static Rate ofBasisPoints(long basisPoints) {
        return new Rate(Math.multiplyExact(basisPoints, 100_000L));
    }

    @Override
    public int compareTo(Rate other) {
        return Long.compare(nanos, other.nanos);
    }

    /** The shortest plain decimal. */
    @JsonValue
    @Override
    public String toString() {
        return Decimals.format(nanos, SCALE);
    }
}
