package io.perpetua.accounts.api;

import java.math.BigDecimal;

/** Sums of money in millionths, which may leave 64 bits, as decimal text. */
final class Micros {
    private static final int SCALE = 6;

    private Micros() {}

    static String decimal(BigDecimal micros) {
        BigDecimal amount = micros.movePointLeft(SCALE).stripTrailingZeros();
        return amount.signum() == 0 ? "0" : amount.toPlainString();
    }
}
