package io.perpetua.contracts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON being written into bytes that are used again: numbers, decimals and plain ASCII text. */
final class PlainWriter {
    private static final int ROOM = 1_024;
    private static final int MOST_KEPT = 64 * 1_024;
    private static final int LONGEST_NUMBER = 20;
    private static final byte[] SMALLEST =
            Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);

    /** The two digits of each number below 100, as their characters. */
    private static final short[] PAIRS = new short[100];

    static {
        for (int i = 0; i < PAIRS.length; i++) {
            PAIRS[i] = (short) (('0' + i / 10) << 8 | ('0' + i % 10));
        }
    }

    private byte[] bytes = new byte[ROOM];
    private int length;

    /** Forgets what was written. */
    void clear() {
        length = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[ROOM];
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    void raw(byte[] ready) {
        ensure(ready.length);
        System.arraycopy(ready, 0, bytes, length, ready.length);
        length += ready.length;
    }

    void raw(char single) {
        ensure(1);
        bytes[length++] = (byte) single;
    }

    /** Text between quotes. @throws NotPlainException when some of it would have to be escaped */
    void text(String text) {
        int size = text.length();
        ensure(size + 2);
        bytes[length] = '"';
        int from = length + 1;
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (!PlainReader.isPlain(c)) {
                throw new NotPlainException();
            }
            bytes[from + i] = (byte) c;
        }
        bytes[from + size] = '"';
        length = from + size + 1;
    }

    void number(long value) {
        ensure(LONGEST_NUMBER);
        if (value == Long.MIN_VALUE) {
            raw(SMALLEST);
            return;
        }
        long rest = value;
        if (value < 0) {
            bytes[length++] = '-';
            rest = -value;
        }
        digits(rest, digitsOf(rest));
    }

    /** The shortest decimal of {@code units} of 10^-{@code scale}. */
    void decimal(long units, int scale) {
        if (scale == 0) {
            number(units);
            return;
        }
        if (units == Long.MIN_VALUE) {
            throw new NotPlainException();
        }
        ensure(LONGEST_NUMBER + 2);
        long rest = units;
        if (units < 0) {
            bytes[length++] = '-';
            rest = -units;
        }
        long power = Powers.of(scale);
        long whole = rest / power;
        digits(whole, digitsOf(whole));
        long fraction = rest - whole * power;
        if (fraction == 0) {
            return;
        }
        bytes[length++] = '.';
        digits(fraction, scale);
        while (bytes[length - 1] == '0') {
            length--;
        }
    }

    /** The last {@code count} digits of a value that is not negative. */
    private void digits(long value, int count) {
        long rest = value;
        int end = length + count;
        int i = end;
        for (; i - length >= 2; i -= 2) {
            long hundredth = rest / 100;
            short pair = PAIRS[(int) (rest - hundredth * 100)];
            bytes[i - 1] = (byte) pair;
            bytes[i - 2] = (byte) (pair >> 8);
            rest = hundredth;
        }
        if (i > length) {
            bytes[length] = (byte) ('0' + (rest % 10));
        }
        length = end;
    }

    /** How many digits a value has that is not negative. */
    private static int digitsOf(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        // 1233 / 4096 is the logarithm of 2, close enough for 64 bits.
        int guess = (bits * 1233) >> 12;
        return guess < Powers.COUNT && value >= Powers.of(guess) ? guess + 1 : Math.max(guess, 1);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
