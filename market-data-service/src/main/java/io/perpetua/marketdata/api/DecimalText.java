package io.perpetua.marketdata.api;

/**
 * The shortest plain decimal of a number of small units, as the values of {@code contracts} write
 * themselves, in one buffer that is used again: of millions of prices none becomes an object.
 */
final class DecimalText {
    /** Of any {@code long} with its sign and a point. */
    private static final int LONGEST = 24;

    private final char[] text = new char[LONGEST];
    private int begin;

    /** Writes {@code units} of 10^-{@code scale}. */
    void set(long units, int scale) {
        begin = LONGEST;
        long rest = units;
        boolean isWritten = false;
        for (int decimal = 0; decimal < scale; decimal++) {
            int digit = (int) Math.abs(rest % 10);
            rest /= 10;
            if (digit != 0 || isWritten) {
                text[--begin] = (char) ('0' + digit);
                isWritten = true;
            }
        }
        if (isWritten) {
            text[--begin] = '.';
        }
        do {
            text[--begin] = (char) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (units < 0) {
            text[--begin] = '-';
        }
    }

    char[] buffer() {
        return text;
    }

    /** Where in the buffer it begins. */
    int begin() {
        return begin;
    }

    int length() {
        return LONGEST - begin;
    }
}
