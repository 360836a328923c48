package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A signed amount of US dollars (and of USDC, one to one).
 *
 * @param micros the amount in units of 1e-6
 */
public record Usd(long micros) implements Comparable<Usd> {
    /** Decimals after the point: one unit is 1e-6. */
    public static final int SCALE = 6;

    /** Zero. */
    public static final Usd ZERO = new Usd(0);

    /** From a plain decimal such as {@code 12.5}. @throws IllegalArgumentException if it is none */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Usd parse(String text) {
        return new Usd(Decimals.parse(text, SCALE));
    }

    /** The sum. @throws ArithmeticException on overflow */
    public Usd plus(Usd other) {
        return new Usd(Math.addExact(micros, other.micros));
    }

    /** The difference. @throws ArithmeticException on overflow */
    public Usd minus(Usd other) {
        return new Usd(Math.subtractExact(micros, other.micros));
    }

    /** The same amount with the other sign. */
    public Usd negated() {
        return new Usd(Math.negateExact(micros));
    }

    /** Without its sign. */
    public Usd abs() {
        return micros < 0 ? negated() : this;
    }

    /** -1, 0 or 1. */
    public int signum() {
        return Long.signum(micros);
    }

    /** Whole dollars. @throws ArithmeticException on overflow */
    public static Usd ofDollars(long dollars) {
        return new Usd(Math.multiplyExact(dollars, 1_000_000L));
    }

    @Override
    public int compareTo(Usd other) {
        return Long.compare(micros, other.micros);
    }

    /** The shortest plain decimal. */
    @JsonValue
    @Override
    public String toString() {
        return Decimals.format(micros, SCALE);
    }
}
