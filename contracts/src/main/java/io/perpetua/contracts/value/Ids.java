package io.perpetua.contracts.value;

/** What identifiers have in common: their range and their decimal digits. */
final class Ids {
    private static final long LIMIT = 1L << 53;
    private static final int MOST_DIGITS = 16;

    private Ids() {}

    /** Refuses what no generator of ours can have made. */
    static void requireInRange(long value) {
        if (value <= 0 || value >= LIMIT) {
            throw new IllegalArgumentException("an id lies between 1 and 2^53 - 1");
        }
    }

    /** The number that these decimal digits write; its range is still to be checked. */
    static long parse(String text) {
        int length = text.length();
        if (length == 0 || length > MOST_DIGITS) {
            throw notDigits();
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw notDigits();
            }
        }
        return Long.parseLong(text);
    }

    private static IllegalArgumentException notDigits() {
        return new IllegalArgumentException("an id is a number of 1 to 16 digits");
    }
}
