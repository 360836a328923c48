package io.perpetua.contracts.value;

/** Reads and writes fixed-point decimal strings; a string never loses a digit either way. */
final class Decimals {
    private static final int LONGEST = 40;
    private static final long[] POWERS = new long[19];

    static {
        long power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private Decimals() {}

    /**
     * The value of {@code text} in units of 10^-{@code scale}.
     *
     * @throws IllegalArgumentException when it is no plain decimal ({@code -12.50}; no exponent, no
     *     sign {@code +}, no blanks), has more than {@code scale} decimals that matter, or is too
     *     large
     */
    static long parse(String text, int scale) {
        int length = text.length();
        if (length == 0 || length > LONGEST) {
            throw new IllegalArgumentException(
                    "expected a decimal of 1 to " + LONGEST + " characters");
        }
        boolean negative = text.charAt(0) == '-';
        int index = negative ? 1 : 0;
        long units = 0;
        int decimals = -1;
        int digits = 0;
        for (; index < length; index++) {
            char c = text.charAt(index);
            if (c == '.' && decimals < 0 && digits > 0) {
                decimals = 0;
            } else if (c >= '0' && c <= '9') {
                digits++;
                if (decimals >= scale) {
                    if (c != '0') {
                        throw new IllegalArgumentException(
                                "'" + text + "' has more than " + scale + " decimals");
                    }
                } else {
                    units = append(units, c - '0', text);
                    decimals = decimals < 0 ? -1 : decimals + 1;
                }
            } else {
                throw new IllegalArgumentException("'" + text + "' is not a plain decimal");
            }
        }
        if (digits == 0 || text.charAt(length - 1) == '.') {
            throw new IllegalArgumentException("'" + text + "' is not a plain decimal");
        }
        for (int i = Math.max(decimals, 0); i < scale; i++) {
            units = append(units, 0, text);
        }
        return negative ? -units : units;
    }

    private static long append(long units, int digit, String text) {
        long high = Math.multiplyHigh(units, 10);
        long next = units * 10 + digit;
        if (high != 0 || next < 0) {
            throw new IllegalArgumentException("'" + text + "' is too large");
        }
        return next;
    }

    /** {@code units} of 10^-{@code scale} as the shortest plain decimal. */
    static String format(long units, int scale) {
        long power = POWERS[scale];
        long whole = units / power;
        long fraction = Math.abs(units % power);
        StringBuilder text = new StringBuilder(24);
        if (units < 0 && whole == 0) {
            text.append('-');
        }
        text.append(whole);
        if (fraction != 0) {
            text.append('.');
            String digits = Long.toString(fraction);
            text.repeat('0', scale - digits.length()).append(digits);
            int end = text.length();
            while (text.charAt(end - 1) == '0') {
                end--;
            }
            text.setLength(end);
        }
        return text.toString();
    }
}
