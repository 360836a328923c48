package io.perpetua.contracts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON being read as {@link PlainWriter} writes it: no blanks, no escapes, no exponents. */
final class PlainReader {
    /** So many digits never overflow. */
    private static final int MOST_DIGITS = 18;

    private final byte[] bytes;
    private int at;

    PlainReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether text needs no escape for it, and one byte. */
    static boolean isPlain(int c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }

    boolean isAtEnd() {
        return at == bytes.length;
    }

    /** Steps over these bytes if they come next. */
    boolean skip(byte[] expected) {
        int end = at + expected.length;
        if (end > bytes.length || !Arrays.equals(bytes, at, end, expected, 0, expected.length)) {
            return false;
        }
        at = end;
        return true;
    }

    /** Steps over this character if it comes next. */
    boolean skip(char expected) {
        if (at < bytes.length && bytes[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    /** Steps over this character, which must come next. */
    void expect(char expected) {
        if (!skip(expected)) {
            throw new NotPlainException();
        }
    }

    private int next() {
        return at < bytes.length ? bytes[at] : -1;
    }

    /** An integer as JSON writes it, of at most 18 digits. */
    long number() {
        boolean negative = skip('-');
        int from = at;
        long value = digits(0);
        checkDigits(from, at - from);
        return negative ? -value : value;
    }

    /** An integer that ends with the property. */
    long integer() {
        long value = number();
        int c = next();
        if (c != ',' && c != '}') {
            throw new NotPlainException();
        }
        return value;
    }

    /** A decimal in units of 10^-{@code scale}, of at most 18 digits then. */
    long decimal(int scale) {
        boolean negative = skip('-');
        int from = at;
        long units = digits(0);
        checkDigits(from, at - from + scale);
        int missing = scale;
        if (skip('.')) {
            int point = at;
            units = digits(units);
            missing = scale - (at - point);
            if (at == point || missing < 0) {
                throw new NotPlainException();
            }
        }
        units *= Powers.of(missing);
        return negative ? -units : units;
    }

    /** The number that has these digits after those of {@code value}; checked by the caller. */
    private long digits(long value) {
        long longer = value;
        for (int c = next(); c >= '0' && c <= '9'; c = next()) {
            longer = longer * 10 + (c - '0');
            at++;
        }
        return longer;
    }

    /** There are digits, none before them that says nothing, and not more than never overflow. */
    private void checkDigits(int from, int count) {
        boolean isLeadByZero = at - from > 1 && bytes[from] == '0';
        if (at == from || isLeadByZero || count > MOST_DIGITS) {
            throw new NotPlainException();
        }
    }

    /** Text without escapes. */
    String text() {
        expect('"');
        int from = at;
        while (at < bytes.length && isPlain(bytes[at])) {
            at++;
        }
        String text = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
        expect('"');
        return text;
    }
}
