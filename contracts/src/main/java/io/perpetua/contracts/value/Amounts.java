package io.perpetua.contracts.value;

import java.math.RoundingMode;

/**
 * The named functions that cross units; every one names its rounding, and products pass through 128
 * bits. What is owed by a customer is rounded up, what is due to one down.
 */
public final class Amounts {
    /** Price units x quantity units in one micro-dollar: 1e-8 x 1e-8 / 1e-6. */
    private static final long PRODUCT_UNITS_PER_MICRO = 10_000_000_000L;

    private static final long NANOS_PER_ONE = 1_000_000_000L;

    private Amounts() {}

    /**
     * {@code price x size}, with the sign of the size; exact.
     *
     * @throws ArithmeticException when it is not a whole number of micros (the catalogue lists no
     *     market where that happens on tick and step) or overflows
     */
    public static Usd notional(Price price, Quantity size) {
        return notional(price, size, RoundingMode.UNNECESSARY);
    }

    /** {@code price x size}, with the sign of the size, rounded to micros. */
    public static Usd notional(Price price, Quantity size, RoundingMode rounding) {
        return new Usd(
                multiplyDivide(price.units(), size.units(), PRODUCT_UNITS_PER_MICRO, rounding));
    }

    /** {@code amount x rate}, rounded to micros. */
    public static Usd share(Usd amount, Rate rate, RoundingMode rounding) {
        return new Usd(multiplyDivide(amount.micros(), rate.nanos(), NANOS_PER_ONE, rounding));
    }

    /** {@code price x (1 + rate)}, rounded to price units. */
    public static Price moved(Price price, Rate rate, RoundingMode rounding) {
        long factor = Math.addExact(NANOS_PER_ONE, rate.nanos());
        return new Price(multiplyDivide(price.units(), factor, NANOS_PER_ONE, rounding));
    }

    /** {@code |amount / size|} as a price, rounded; the size is not zero. */
    public static Price price(Usd amount, Quantity size, RoundingMode rounding) {
        return new Price(
                multiplyDivide(
                        Math.absExact(amount.micros()),
                        PRODUCT_UNITS_PER_MICRO,
                        Math.absExact(size.units()),
                        rounding));
    }

    /** {@code part / whole} as a rate, rounded; the whole is not zero. */
    public static Rate ratio(Usd part, Usd whole, RoundingMode rounding) {
        long sign = whole.micros() < 0 ? -1 : 1;
        return new Rate(
                multiplyDivide(
                        part.micros() * sign,
                        NANOS_PER_ONE,
                        Math.absExact(whole.micros()),
                        rounding));
    }

    /**
     * {@code a x b / divisor} through 128 bits, rounded once.
     *
     * @param divisor positive
     * @throws ArithmeticException when the result leaves 64 bits, or rounding is {@code
     *     UNNECESSARY} and a remainder is left
     */
    public static long multiplyDivide(long a, long b, long divisor, RoundingMode rounding) {
        if (divisor <= 0) {
            throw new ArithmeticException("the divisor must be positive");
        }
        boolean negative = (a ^ b) < 0;
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        if (high < 0) {
            low = -low;
            high = ~high + (low == 0 ? 1 : 0);
        }
        if (Long.compareUnsigned(high, divisor) >= 0) {
            throw new ArithmeticException("the result leaves 64 bits");
        }
        long quotient;
        long remainder;
        if (high == 0) {
            quotient = Long.divideUnsigned(low, divisor);
            remainder = Long.remainderUnsigned(low, divisor);
        } else {
            quotient = divideWide(high, low, divisor);
            remainder = low - quotient * divisor;
        }
        if (quotient < 0) {
            throw new ArithmeticException("the result leaves 64 bits");
        }
        if (remainder != 0
                && roundsAwayFromZero(quotient, remainder, divisor, negative, rounding)) {
            quotient = Math.incrementExact(quotient);
        }
        return negative ? -quotient : quotient;
    }

    private static boolean roundsAwayFromZero(
            long quotient, long remainder, long divisor, boolean negative, RoundingMode rounding) {
        int half = Long.compare(remainder, divisor - remainder);
        return switch (rounding) {
            case UP -> true;
            case DOWN -> false;
            case CEILING -> !negative;
            case FLOOR -> negative;
            case HALF_UP -> half >= 0;
            case HALF_DOWN -> half > 0;
            case HALF_EVEN -> half > 0 || (half == 0 && (quotient & 1) == 1);
            case UNNECESSARY -> throw new ArithmeticException("the result is not exact");
        };
    }

    /** Knuth's algorithm D for a 128-bit dividend whose high half is below the divisor. */
    private static long divideWide(long high, long low, long divisor) {
        int shift = Long.numberOfLeadingZeros(divisor);
        long d = divisor << shift;
        long dHigh = d >>> 32;
        long dLow = d & 0xffffffffL;
        long upper = shift == 0 ? high : (high << shift) | (low >>> (64 - shift));
        long lower = low << shift;
        long first = digit(upper, lower >>> 32, dHigh, dLow);
        long rest = (upper << 32) + (lower >>> 32) - first * d;
        long second = digit(rest, lower & 0xffffffffL, dHigh, dLow);
        return (first << 32) + second;
    }

    private static long digit(long upper, long next, long dHigh, long dLow) {
        long q = Long.divideUnsigned(upper, dHigh);
        long r = upper - q * dHigh;
        while (q >>> 32 != 0 || Long.compareUnsigned(q * dLow, (r << 32) | next) > 0) {
            q--;
            r += dHigh;
            if (r >>> 32 != 0) {
                break;
            }
        }
        return q;
    }
}
