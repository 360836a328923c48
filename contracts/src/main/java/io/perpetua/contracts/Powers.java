package io.perpetua.contracts;

/** Powers of ten. */
final class Powers {
    /** From 10^0, all that a long holds. */
    static final int COUNT = 19;

    private static final long[] POWERS = new long[COUNT];

    static {
        long power = 1;
        for (int i = 0; i < COUNT; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private Powers() {}

    static long of(int exponent) {
        return POWERS[exponent];
    }
}
